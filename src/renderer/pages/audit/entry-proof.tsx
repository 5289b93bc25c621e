import { Button } from '@mantine/core';
import { IconDownload, IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditProof, EngineClient } from '../../../shared/contract/types.ts';
import { Digest } from '../../components/code.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { saveText } from '../../components/save-text.ts';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './audit.module.css';

const makeProof = (client: EngineClient, sequence: number) => client.audit.proof({ sequence });

/** The evidence that an entry is in the log, to be taken away and checked without the workspace. */
export function EntryProof({ sequence }: { readonly sequence: number }) {
  const { t } = useTranslation();
  const prove = useAction(makeProof);
  const [made, setMade] = useState<AuditProof>();
  const make = async (): Promise<void> => setMade(await prove.run(sequence));
  return (
    <section className={classes.proof} aria-labelledby="audit-proof">
      <div className={classes.proofHead}>
        <div>
          <h2 id="audit-proof">{t('audit.proof')}</h2>
          <p className={classes.soft}>{t('audit.proofText')}</p>
        </div>
        {made === undefined ? (
          <Button
            variant="default"
            leftSection={<IconFingerprint size={14} />}
            loading={prove.busy}
            onClick={() => void make()}
          >
            {t('audit.makeProof')}
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() =>
              saveText(
                `audit-proof-${String(sequence)}.json`,
                `${JSON.stringify(made, null, 2)}\n`,
                'application/json',
              )
            }
          >
            {t('audit.saveProof')}
          </Button>
        )}
      </div>
      {prove.error === undefined ? null : <ErrorPanel error={prove.error} onRetry={() => void make()} />}
      {made === undefined ? null : <ProofPath proof={made} />}
    </section>
  );
}

/** From the entry's own hash, by its neighbours, to the root that the checkpoint signs. */
function ProofPath({ proof: { entry, proof, head } }: { readonly proof: AuditProof }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <ol className={classes.path}>
        <li data-end>
          <span>{t('audit.leafHash')}</span>
          <Digest value={entry.leafHash} length={32} />
        </li>
        {proof.map((hash, level) => (
          <li key={hash}>
            <span>{t('audit.pathStep', { number: format.integer(level + 1) })}</span>
            <Digest value={hash} length={32} />
          </li>
        ))}
        <li data-end>
          <span>{t('audit.rootOf', { count: head.size, entries: format.integer(head.size) })}</span>
          <Digest value={head.root} length={32} />
        </li>
      </ol>
      {head.checkpoint === null ? null : (
        <>
          <h3 className={classes.faint}>{t('audit.checkpoint')}</h3>
          <pre className={classes.note} dir="ltr">
            {head.checkpoint}
          </pre>
        </>
      )}
    </>
  );
}
