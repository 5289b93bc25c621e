import { useTranslation } from 'react-i18next';
import type { RunStatus } from '../../../shared/contract/types.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

const TONES: Readonly<Record<RunStatus, Tone>> = {
  scheduled: 'unknown',
  running: 'running',
  finished: 'good',
  failed: 'bad',
  killed: 'unknown',
};

export function RunStatusBadge({
  status,
  plain = false,
}: {
  readonly status: RunStatus;
  readonly plain?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <StatusBadge tone={TONES[status]} plain={plain}>
      {t(`runs.statuses.${status}`)}
    </StatusBadge>
  );
}
