import type { ReactNode } from 'react';
import classes from './chart-tip.module.css';

export interface ChartTipProps {
  /** Where the pointer's value lies, in pixels from the chart's left edge. */
  readonly x: number;
  readonly width: number;
  /** Pixels from the chart's top edge. */
  readonly top?: number;
  readonly children: ReactNode;
}

const GAP_PX = 12;

/** The exact values under the pointer, on the side where there is room. The chart around it is positioned. */
export function ChartTip({ x, width, top = 8, children }: ChartTipProps) {
  const side = x > width * 0.6 ? { right: width - x + GAP_PX } : { left: x + GAP_PX };
  return (
    <div className={classes.tip} style={{ insetBlockStart: top, ...side }}>
      {children}
    </div>
  );
}
