import { useTranslation } from 'react-i18next';
import type { RunTrial } from '../../../../shared/contract/types.ts';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';

const TONES: Readonly<Record<RunTrial['state'], Tone>> = {
  running: 'running',
  finished: 'good',
  pruned: 'unknown',
  stopped: 'unknown',
  failed: 'bad',
};
const RANKS = ['kept', 'unbeaten', 'beaten', 'finished', 'running', 'pruned', 'stopped', 'failed'] as const;

export interface Standing {
  readonly name: (typeof RANKS)[number];
  /** To sort by, what matters most the least. */
  readonly rank: number;
}

/** How a trial stands among the others; with one objective the order of the trials says it. */
export function trialStanding({ state, isKept, isOnFront }: RunTrial, objectives: number): Standing {
  const amongOthers = objectives === 1 ? 'finished' : isOnFront ? 'unbeaten' : 'beaten';
  const name = isKept ? 'kept' : state === 'finished' ? amongOthers : state;
  return { name, rank: RANKS.indexOf(name) };
}

export function TrialStanding({
  trial,
  objectives,
}: {
  readonly trial: RunTrial;
  readonly objectives: number;
}) {
  const { t } = useTranslation();
  const { name } = trialStanding(trial, objectives);
  if (name === 'kept') return <StatusBadge tone="good">{t('runs.trials.kept')}</StatusBadge>;
  if (name === 'unbeaten' || name === 'beaten')
    return (
      <StatusBadge tone={name === 'unbeaten' ? 'good' : 'unknown'} plain>
        {t(`runs.trials.${name}`)}
      </StatusBadge>
    );
  return (
    <StatusBadge tone={TONES[name]} plain>
      {t(`runs.trials.states.${name}`)}
    </StatusBadge>
  );
}
