import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelVerification, ModelVersion } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import type { FollowedJob } from '../../shell/use-job.ts';
import classes from './models.module.css';

type FileStatus = ModelVerification['files'][number]['status'];

const TONES: Readonly<Record<FileStatus, Tone>> = {
  ok: 'good',
  changed: 'bad',
  missing: 'bad',
  damaged: 'bad',
  extra: 'attention',
};

export interface SignatureEvidenceProps {
  readonly model: ModelVersion;
  readonly verifying: FollowedJob<string, ModelVerification>;
  readonly onVerify: () => void;
}

export function SignatureEvidence({ model, verifying, onVerify }: SignatureEvidenceProps) {
  const { result: verification, job, busy, error } = verifying;
  const { t } = useTranslation();
  const format = useFormat();
  const known = new Map(model.files.map((file) => [file.path, file]));
  const states = new Map((verification?.files ?? []).map(({ path, status }) => [path, status]));
  const paths = [...new Set([...known.keys(), ...states.keys()])].sort();
  return (
    <section className={classes.section}>
      <div className={classes.verify}>
        <p>{t('models.verifyIntro')}</p>
        <CopyCommand command={`falaj models verify ${model.name}:${String(model.version)}`} />
        <Button leftSection={<IconShieldCheck size={14} />} loading={busy} onClick={onVerify}>
          {t('models.verify')}
        </Button>
        {busy && job !== undefined ? (
          <Button variant="default" onClick={verifying.cancel}>
            {t('common.cancel')}
          </Button>
        ) : null}
      </div>
      {busy && job !== undefined ? (
        <ProgressBar fraction={job.progress?.fraction ?? null} label={job.title} />
      ) : null}
      {error === undefined ? null : <ErrorPanel error={error} onRetry={onVerify} />}
      {verification === undefined ? null : (
        <div className={classes.verdict} role="status" data-good={verification.verified}>
          <StatusBadge tone={verification.verified ? 'good' : 'bad'}>
            {verification.verified ? t('models.verified') : t('models.broken')}
          </StatusBadge>
          <span dir="auto">{verification.reason}</span>
        </div>
      )}
      <dl className={classes.facts}>
        <div>
          <dt>{t('models.rootDigest')}</dt>
          <dd>
            <Digest value={verification?.digest ?? model.digest} length={64} />
          </dd>
        </div>
        {verification === undefined || verification.keyId === null ? null : (
          <div>
            <dt>{t('models.keyId')}</dt>
            <dd>
              <Digest value={verification.keyId} length={64} />
            </dd>
          </div>
        )}
      </dl>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('models.file')}</th>
            <th scope="col" data-end>
              {t('models.size')}
            </th>
            <th scope="col">{t('models.digest')}</th>
            <th scope="col">{t('models.state')}</th>
          </tr>
        </thead>
        <tbody>
          {paths.map((path) => {
            const file = known.get(path);
            const status = states.get(path);
            return (
              <tr key={path}>
                <th scope="row">
                  <Code>{path}</Code>
                </th>
                <td data-end>{file === undefined ? '–' : <bdi>{format.bytes(file.sizeBytes)}</bdi>}</td>
                <td>{file === undefined ? '–' : <Digest value={file.digest} length={20} />}</td>
                <td>
                  {status === undefined ? (
                    '–'
                  ) : (
                    <StatusBadge tone={TONES[status]} plain>
                      {t(`models.fileStates.${status}`)}
                    </StatusBadge>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
