import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditHead, AuditVerification, EngineClient } from '../../../shared/contract/types.ts';
import { Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './audit.module.css';

const verifyLog = (client: EngineClient) => client.audit.verify();

/** Is the log whole? One click computes all of it again. */
export function IntegrityStrip({ head }: { readonly head: AuditHead }) {
  const { t } = useTranslation();
  const verify = useAction<void, AuditVerification>(verifyLog);
  const [found, setFound] = useState<AuditVerification>();
  const check = async (): Promise<void> => setFound(await verify.run());
  return (
    <div className={classes.strip}>
      <div className={classes.seal}>
        <span className={classes.faint}>{t('audit.root')}</span>
        <Digest value={head.root} length={16} />
        <CopyCommand command="falaj audit verify" />
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconShieldCheck size={14} />}
          loading={verify.busy}
          onClick={() => void check()}
        >
          {t('audit.verify')}
        </Button>
      </div>
      <div role="status">{found === undefined ? null : <Verdict found={found} />}</div>
      {verify.error === undefined ? null : <ErrorPanel error={verify.error} onRetry={() => void check()} />}
    </div>
  );
}

function Verdict({ found }: { readonly found: AuditVerification }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { intact, size, firstDamaged, reason, checkpointsKept } = found;
  return (
    <p className={classes.verdict}>
      <StatusBadge tone={intact ? 'good' : 'bad'}>
        {intact ? t('audit.intact') : t('audit.broken')}
      </StatusBadge>
      {intact ? (
        <span>
          {t('audit.intactText', { count: size, entries: format.integer(size) })}{' '}
          {checkpointsKept === 0
            ? t('audit.noCheckpoint')
            : t('audit.checkpoints', { count: checkpointsKept, kept: format.integer(checkpointsKept) })}
        </span>
      ) : (
        <>
          {firstDamaged === null ? null : (
            <span>{t('audit.firstDamaged', { number: format.integer(firstDamaged) })}</span>
          )}
          <span dir="auto">{reason}</span>
        </>
      )}
    </p>
  );
}
