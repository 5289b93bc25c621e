import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, ReceiptVerification } from '../../../shared/contract/types.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useJob } from '../../shell/use-job.ts';
import classes from './training-sets.module.css';

const verify = (client: EngineClient, id: string) =>
  client.features.verify({ receipt: `training-set/${id}` });

/** Builds the set of a receipt again and says whether it is the same. */
export function VerifySet({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const verifying = useJob<string, ReceiptVerification>(verify);
  const { result, job, busy, error } = verifying;
  return (
    <div className={classes.verify} aria-live="polite">
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={14} />}
        loading={busy}
        onClick={() => void verifying.start(id)}
      >
        {t('trainingSets.verify')}
      </Button>
      {busy && job !== undefined ? (
        <ProgressBar fraction={job.progress?.fraction ?? null} label={job.title} />
      ) : null}
      {error === undefined ? null : <ErrorPanel error={error} />}
      {result === undefined ? null : result.verified ? (
        <StatusBadge tone="good">{t('trainingSets.same')}</StatusBadge>
      ) : (
        <>
          <StatusBadge tone="bad">{t('trainingSets.notSame')}</StatusBadge>
          <ul className={classes.differences}>
            {result.differences.map(({ kind, message }) => (
              <li key={`${kind} ${message}`} dir="auto">
                {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
