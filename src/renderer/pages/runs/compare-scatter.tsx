import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { ChartFrame } from '../../components/chart-frame.tsx';
import { XyChart, type XyPoint, type XySeries } from '../../components/xy-chart.tsx';
import { AxisPair } from './axis-pair.tsx';
import { pointAxis, type RunAxis } from './compare-axes.ts';

export interface CompareScatterProps {
  readonly runs: readonly Run[];
  readonly axes: readonly RunAxis[];
  /** Whether each run goes through what was brushed. */
  readonly inside: readonly boolean[];
}

/** Any parameter or metric against any metric, a dot a run. */
export function CompareScatter({ runs, axes, inside }: CompareScatterProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const metrics = axes.filter(({ kind }) => kind === 'metric');
  const [xKey, setX] = useState(axes[0]!.key);
  const [yKey, setY] = useState(metrics[0]?.key ?? null);
  const x = axes.find(({ key }) => key === xKey) ?? axes[0]!;
  const y = metrics.find(({ key }) => key === yKey) ?? metrics[0];
  const drawn = useMemo(() => {
    if (y === undefined) return null;
    const [across, up] = [pointAxis(x), pointAxis(y)];
    const points: Record<'inside' | 'outside', XyPoint[]> = { inside: [], outside: [] };
    for (const [line, { id, name }] of runs.entries()) {
      const [left, height] = [across.places[line] ?? null, up.places[line] ?? null];
      if (left !== null && height !== null)
        points[inside[line] ? 'inside' : 'outside'].push({ x: left, y: height, note: name, key: id });
    }
    return { across, up, points };
  }, [x, y, runs, inside]);
  if (y === undefined || drawn === null) return null;
  const title = t('runs.relations.scatter', { x: x.label, y: y.label });
  const series: XySeries[] = [
    {
      key: 'outside',
      label: t('runs.run'),
      color: 'var(--text-faint)',
      shape: 'cloud',
      points: drawn.points.outside,
    },
    {
      key: 'inside',
      label: t('runs.run'),
      color: 'var(--series-1)',
      shape: 'dots',
      points: drawn.points.inside,
    },
  ];
  const optionsOf = (list: readonly RunAxis[]) => list.map(({ key, label }) => ({ value: key, label }));
  return (
    <>
      <AxisPair
        across={{ value: x.key, options: optionsOf(axes), onChange: setX }}
        up={{ value: y.key, options: optionsOf(metrics), onChange: setY }}
      />
      <ChartFrame
        title={title}
        summary={t('runs.relations.scatterSummary', {
          count: drawn.points.inside.length + drawn.points.outside.length,
          x: x.label,
          y: y.label,
        })}
        fileName="scatter"
        table={{
          columns: ['run', x.label, y.label],
          rows: runs.map(({ name }, line) => [name, x.values[line] ?? null, y.values[line] ?? null]),
        }}
      >
        <XyChart
          series={series}
          x={drawn.across}
          y={drawn.up}
          height={320}
          label={title}
          onOpen={({ key }) => (key === undefined ? undefined : navigate(`/runs/${key}`))}
        />
      </ChartFrame>
    </>
  );
}
