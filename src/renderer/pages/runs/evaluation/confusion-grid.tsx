import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/use-format.ts';
import classes from './evaluation.module.css';

export interface ConfusionGridProps {
  /** Names of truths and answers, in order. */
  readonly classes: readonly string[];
  /** [truth][answer] */
  readonly counts: readonly (readonly number[])[];
}

/** More classes have room for shades alone; their numbers are in the tooltips and the table behind the chart. */
const WITH_NUMBERS = 12;

const shade = (right: boolean, share: number): string =>
  `color-mix(in srgb, var(${right ? '--accent' : '--series-2'}) ${Math.round(55 * share)}%, var(--sunken))`;

/** Truths down, answers across; each cell shaded by its share of its row. */
export function ConfusionGrid({ classes: names, counts }: ConfusionGridProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const dense = names.length > WITH_NUMBERS;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keys
    <section className={classes.confusionBox} tabIndex={0} aria-label={t('runs.evaluation.confusion')}>
      <table className={classes.confusion} data-dense={dense}>
        <thead>
          <tr>
            <td className={classes.corner}>
              {t('runs.evaluation.truth')} ↓ {t('runs.evaluation.answer')} →
            </td>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((truth, row) => {
            const own = counts[row] ?? [];
            const total = own.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={truth}>
                <th scope="row" title={truth}>
                  <bdi>{truth}</bdi>
                </th>
                {names.map((answer, column) => {
                  const count = own[column] ?? 0;
                  const share = total === 0 ? 0 : count / total;
                  return (
                    <td
                      key={answer}
                      style={{ background: shade(row === column, share) }}
                      title={`${truth} → ${answer}: ${format.number(count, 6)} (${format.percent(share, 1)})`}
                    >
                      {dense ? null : (
                        <>
                          <b>{format.number(count, 6)}</b>
                          <small>{format.percent(share, 1)}</small>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
