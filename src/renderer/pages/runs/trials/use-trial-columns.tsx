import { useTranslation } from 'react-i18next';
import type { RunTrial, RunTrials } from '../../../../shared/contract/types.ts';
import { FIT_SECONDS, isCost } from '../../../../shared/tuning-goal.ts';
import type { TableColumn } from '../../../components/data-table.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { settingColumns } from './setting-columns.tsx';
import { TrialStanding, trialStanding } from './trial-standing.tsx';
import classes from './trials.module.css';
import { useFigureLabel } from './use-figure-label.ts';

/** What a column takes at least, in pixels. */
const WIDTHS = { trial: 52, standing: 102, figure: 90, cost: 112, folds: 130 } as const;
/** What the rows take beside their columns, and a bar that scrolls them. */
const SIDES_PX = 28;

/**
 * The trials as a table: how each stands, what it is judged by and costs, and its settings, which share a column where there
 * is no room for one each.
 *
 * @param widthPx that the table has.
 */
export function useTrialColumns(
  { settings, metric, objectives, figures, folds }: RunTrials,
  widthPx: number,
): readonly TableColumn<RunTrial>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const text = (name: string, one: number): string =>
    isCost(name) ? format.number(one, 3) : format.fixed(one, 4);
  // Several objectives take the room of the time.
  const isTimed = objectives.length === 1 && figures.some(({ name }) => name === FIT_SECONDS);
  const shown = [...objectives.map(({ name }) => name), ...(isTimed ? [FIT_SECONDS] : [])];
  const leastOf = (name: string): number =>
    name === metric && folds !== null ? WIDTHS.folds : isCost(name) ? WIDTHS.cost : WIDTHS.figure;
  const taken = shown.reduce((sum, name) => sum + leastOf(name), WIDTHS.trial + WIDTHS.standing + SIDES_PX);
  return [
    {
      id: 'trial',
      header: t('runs.trials.trial'),
      width: `${WIDTHS.trial}px`,
      align: 'end',
      value: (one) => one.number,
      cell: (one) => format.integer(one.number),
    },
    {
      id: 'state',
      header: t('runs.status'),
      width: `${WIDTHS.standing}px`,
      value: (one) => trialStanding(one, objectives.length).rank,
      cell: (one) => <TrialStanding trial={one} objectives={objectives.length} />,
    },
    ...shown.map(
      (name): TableColumn<RunTrial> => ({
        id: name === metric ? 'value' : name,
        header: labelOf(name),
        width: `${String(leastOf(name))}px`,
        align: 'end',
        value: (one) => one.figures[name] ?? null,
        cell: (one) => {
          const value = one.figures[name];
          if (value === undefined) return '–';
          if (name !== metric || one.deviation === null) return text(name, value);
          return (
            <bdi dir="ltr" title={t('runs.trials.deviation')}>
              {text(name, value)} <span className={classes.deviation}>± {text(name, one.deviation)}</span>
            </bdi>
          );
        },
      }),
    ),
    ...settingColumns({ settings, roomPx: widthPx - taken, title: t('runs.trials.settings'), format }),
  ];
}
