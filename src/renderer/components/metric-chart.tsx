import { lazy, Suspense } from 'react';
import type { MetricPlotProps } from './metric-plot.tsx';
import { Skeleton } from './skeleton.tsx';

const MetricPlot = lazy(() => import('./metric-plot.tsx').then((module) => ({ default: module.MetricPlot })));

/** Metric histories over steps. The drawing code is loaded with the first chart that is shown. */
export function MetricChart(props: MetricPlotProps) {
  return (
    <div style={{ minBlockSize: props.height }}>
      <Suspense fallback={<Skeleton lines={4} />}>
        <MetricPlot {...props} />
      </Suspense>
    </div>
  );
}
