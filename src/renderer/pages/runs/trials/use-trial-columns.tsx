import { useTranslation } from 'react-i18next';
import type { RunTrial, RunTrials } from '../../../../shared/contract/types.ts';
import { FIT_SECONDS, isCost } from '../../../../shared/tuning-goal.ts';
import type { TableColumn } from '../../../components/data-table.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { useFigureLabel } from './use-figure-label.ts';

const TONES: Readonly<Record<RunTrial['state'], Tone>> = {
  running: 'running',
  finished: 'good',
  pruned: 'unknown',
  failed: 'bad',
};

/** The trials as a table: what each is judged by, what it costs, and its settings. */
export function useTrialColumns({
  settings,
  metric,
  objectives,
  figures,
  folds,
}: RunTrials): readonly TableColumn<RunTrial>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const figure = (name: string): TableColumn<RunTrial> => ({
    id: name === metric ? 'value' : name,
    header: labelOf(name),
    width: name === metric ? '90px' : '110px',
    align: 'end',
    value: (one) => one.figures[name] ?? null,
    cell: (one) => {
      const value = one.figures[name];
      if (value === undefined) return '–';
      return isCost(name) ? format.number(value, 3) : format.fixed(value, 4);
    },
  });
  const deviation: TableColumn<RunTrial> = {
    id: 'deviation',
    header: t('runs.trials.deviation'),
    width: '95px',
    align: 'end',
    value: (one) => one.deviation,
    cell: (one) => (one.deviation === null ? '–' : format.fixed(one.deviation, 4)),
  };
  const front: TableColumn<RunTrial> = {
    id: 'front',
    header: t('runs.trials.onFront'),
    width: '95px',
    value: (one) => (one.isKept ? 2 : Number(one.isOnFront)),
    cell: (one) => {
      if (one.isKept) return <StatusBadge tone="good">{t('runs.trials.kept')}</StatusBadge>;
      return one.isOnFront ? t('runs.trials.unbeaten') : '';
    },
  };
  // Several objectives take its room.
  const isTimed = objectives.length === 1 && figures.some(({ name }) => name === FIT_SECONDS);
  return [
    {
      id: 'trial',
      header: t('runs.trials.trial'),
      width: '60px',
      align: 'end',
      value: (one) => one.number,
      cell: (one) => format.integer(one.number),
    },
    {
      id: 'state',
      header: t('runs.status'),
      width: '110px',
      value: (one) => one.state,
      cell: (one) => (
        <StatusBadge tone={TONES[one.state]} plain>
          {t(`runs.trials.states.${one.state}`)}
        </StatusBadge>
      ),
    },
    ...(objectives.length > 1 ? [front] : []),
    figure(metric),
    ...(folds === null ? [] : [deviation]),
    ...objectives.slice(1).map(({ name }) => figure(name)),
    ...(isTimed ? [figure(FIT_SECONDS)] : []),
    ...settings.map(
      (name): TableColumn<RunTrial> => ({
        id: name,
        header: name,
        width: 'minmax(90px, 1fr)',
        align: 'end',
        value: (one) => numberOrText(one.settings[name]),
        cell: (one) => <bdi>{one.settings[name]}</bdi>,
      }),
    ),
  ];
}

export function numberOrText(text: string | undefined): number | string | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
