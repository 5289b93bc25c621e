import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { RunTrials } from '../../../../shared/contract/types.ts';
import { FIT_SECONDS } from '../../../../shared/tuning-goal.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart, type XyPoint, type XySeries } from '../../../components/xy-chart.tsx';
import { AxisPair } from '../axis-pair.tsx';
import { pointAxis } from '../compare-axes.ts';
import { paretoFront } from './pareto-front.ts';
import { useFigureLabel } from './use-figure-label.ts';

/** Two figures of all trials against each other, and the trials that no other beats in both. */
export function TrialPareto({ search }: { readonly search: RunTrials }) {
  const { t } = useTranslation();
  const labelOf = useFigureLabel();
  const [, navigate] = useLocation();
  const { figures, trials, metric, objectives } = search;
  const [upName, setUp] = useState(metric);
  const [acrossName, setAcross] = useState<string>(objectives[1]?.name ?? FIT_SECONDS);
  const up = figures.find(({ name }) => name === upName) ?? figures[0];
  const across = figures.find(({ name }) => name === acrossName) ?? figures.find((figure) => figure !== up);
  const drawn = useMemo(() => {
    if (up === undefined || across === undefined) return null;
    const objective = ({ name, isGreaterBetter }: typeof up) => ({
      values: trials.map((trial) => trial.figures[name] ?? null),
      isGreaterBetter,
    });
    const isObjective = (name: string): boolean => objectives.some((one) => one.name === name);
    const [x, y] = [objective(across), objective(up)];
    const points = trials.map(({ run, number }, place): XyPoint | null =>
      x.values[place] === null || y.values[place] === null
        ? null
        : { x: x.values[place]!, y: y.values[place]!, note: `#${String(number)}`, key: run },
    );
    // Of more than two objectives, two alone do not say which trials no other beats.
    const isWhole = isObjective(across.name) && isObjective(up.name) && objectives.length > 2;
    const front = isWhole
      ? [...trials.keys()].filter((place) => trials[place]!.isOnFront && points[place] !== null)
      : paretoFront(y, x);
    return { x, y, points, front, isWhole, onFront: new Set(front) };
  }, [up, across, trials, objectives]);
  if (drawn === null || up === undefined || across === undefined) return null;
  const [xLabel, yLabel] = [labelOf(across.name), labelOf(up.name)];
  const best = drawn.front.flatMap((place) => drawn.points[place] ?? []);
  const frontLabel = t(drawn.isWhole ? 'runs.trials.frontOfAll' : 'runs.trials.front');
  const frontSeries: XySeries = {
    key: 'front',
    label: frontLabel,
    color: 'var(--series-1)',
    shape: 'dots',
    points: best,
  };
  const kept = trials.flatMap(({ isKept }, place) => (isKept ? (drawn.points[place] ?? []) : []));
  const keptSeries: XySeries = {
    key: 'kept',
    label: t('runs.trials.kept'),
    color: 'var(--series-2)',
    shape: 'dots',
    points: kept,
  };
  const series: XySeries[] = [
    {
      key: 'others',
      label: t('runs.trials.trial'),
      color: 'var(--text-faint)',
      shape: 'cloud',
      points: drawn.points.filter((point, place) => point !== null && !drawn.onFront.has(place)) as XyPoint[],
    },
    ...(drawn.isWhole ? [] : [{ ...frontSeries, key: 'line', label: '', shape: 'dashed' as const }]),
    frontSeries,
    ...(kept.length === 0 ? [] : [keptSeries]),
  ];
  const options = figures.map(({ name }) => ({ value: name, label: labelOf(name) }));
  const title = t('runs.relations.scatter', { x: xLabel, y: yLabel });
  return (
    <ChartFrame
      title={title}
      summary={
        drawn.isWhole
          ? t('runs.trials.frontOfAllSummary', { count: best.length })
          : t('runs.trials.frontSummary', { count: best.length, x: xLabel, y: yLabel })
      }
      fileName="pareto-front"
      legend={[frontSeries, ...(kept.length === 0 ? [] : [keptSeries])].map(({ key, label, color }) => ({
        key,
        label,
        color,
      }))}
      table={{
        columns: ['trial', across.name, up.name, 'front'],
        rows: trials.map(({ number }, place) => [
          number,
          drawn.x.values[place] ?? null,
          drawn.y.values[place] ?? null,
          drawn.onFront.has(place) ? 1 : 0,
        ]),
      }}
    >
      <AxisPair
        across={{ value: across.name, options, onChange: setAcross }}
        up={{ value: up.name, options, onChange: setUp }}
      />
      <XyChart
        series={series}
        x={pointAxis({ label: xLabel, values: drawn.x.values })}
        y={pointAxis({ label: yLabel, values: drawn.y.values })}
        height={260}
        label={title}
        onOpen={({ key }) => (key === undefined ? undefined : navigate(`/runs/${key}`))}
      />
    </ChartFrame>
  );
}
