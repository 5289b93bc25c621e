import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import charts from '../charts.module.css';
import classes from './evaluation.module.css';

const SHOWN_FEATURES = 15;
const MEASURES = ['gain', 'splits', 'permutation', 'shapley'] as const;

/** What the features are worth, by each measure that the learner has. */
export function ImportanceChart({ importance }: { readonly importance: Evaluation['importance'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const measures = MEASURES.filter((name) => importance.some((one) => one[name] !== undefined));
  const [measure, setMeasure] = useState<(typeof MEASURES)[number]>('gain');
  const valued = importance.map((one) => ({ feature: one.feature, value: one[measure] ?? 0 }));
  const sorted = valued.sort((a, b) => b.value - a.value);
  // A permutation may lower the loss by chance: such a feature is worth nothing.
  const total = sorted.reduce((sum, { value }) => sum + Math.max(0, value), 0) || 1;
  const top = Math.max(0, sorted[0]?.value ?? 0) || 1;
  const shown = all ? sorted : sorted.slice(0, SHOWN_FEATURES);
  return (
    <ChartFrame
      title={t('runs.importance')}
      summary={t('runs.evaluation.importanceSummary', {
        measure: t(`runs.evaluation.measureText.${measure}`),
        features: sorted
          .slice(0, 3)
          .map(({ feature, value }) => `${feature} ${format.percent(value / total, 1)}`)
          .join('; '),
      })}
      fileName="importance"
      table={{
        columns: [t('runs.feature'), ...measures],
        rows: importance.map((one) => [one.feature, ...measures.map((name) => one[name] ?? null)]),
      }}
    >
      {measures.length < 2 ? null : (
        <SegmentedControl
          size="xs"
          className={classes.measure}
          aria-label={t('runs.evaluation.measure')}
          value={measure}
          onChange={(value) => setMeasure(MEASURES.find((name) => name === value) ?? 'gain')}
          data={measures.map((name) => ({ value: name, label: t(`runs.evaluation.measures.${name}`) }))}
        />
      )}
      <ol className={charts.bars}>
        {shown.map(({ feature, value }) => (
          <li key={feature} title={`${feature}: ${format.number(value, 6)}`}>
            <code>{feature}</code>
            <span className={charts.bar}>
              <span style={{ inlineSize: `${(100 * Math.max(0, value)) / top}%` }} />
            </span>
            <span>{format.percent(Math.max(0, value) / total, 1)}</span>
          </li>
        ))}
      </ol>
      {sorted.length > SHOWN_FEATURES && !all ? (
        <Button variant="subtle" onClick={() => setAll(true)}>
          {t('runs.showAll', { count: sorted.length })}
        </Button>
      ) : null}
    </ChartFrame>
  );
}
