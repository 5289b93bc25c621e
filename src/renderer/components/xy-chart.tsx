import { type PointerEvent, useState } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { ChartTip } from './chart-tip.tsx';
import { niceTicks } from './nice-ticks.ts';
import { useWidth } from './use-width.ts';
import classes from './xy-chart.module.css';

export interface XyPoint {
  readonly x: number;
  readonly y: number;
  /** Shown in the tooltip beside the values. */
  readonly note?: string;
  /** What {@link XyChartProps.onOpen} is told. */
  readonly key?: string;
}

export interface XySeries {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly points: readonly XyPoint[];
  /** A cloud is many small dots. */
  readonly shape: 'line' | 'dots' | 'cloud' | 'area' | 'dashed';
}

export interface XyAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Names of places, where the axis has no numbers. */
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
}

export interface XyChartProps {
  readonly series: readonly XySeries[];
  readonly x: XyAxis;
  readonly y: XyAxis;
  readonly height: number;
  readonly label: string;
  /** A click near a point. */
  readonly onOpen?: (point: XyPoint) => void;
}

const MARGIN = { left: 44, right: 10, top: 6, bottom: 34 } as const;
/** Of a figure of 11 px, all of which are as wide. */
const CHARACTER_PX = 6.6;
/** The name of the axis stands before its figures. */
const NAME_PX = 20;

/** Lines and dots over two numeric axes. Hovering names the nearest point of the series that can be read. */
export function XyChart({ series, x, y, height, label, onOpen }: XyChartProps) {
  const format = useFormat();
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState<{ readonly series: XySeries; readonly point: XyPoint } | null>(null);
  const yTicks = ticksOf(y, 5).map(({ value, label: name }) => ({
    value,
    text: name ?? format.number(value, 3),
  }));
  const longest = Math.max(0, ...yTicks.map(({ text }) => text.length));
  const left = Math.max(MARGIN.left, Math.ceil(NAME_PX + 6 + longest * CHARACTER_PX));
  const innerWidth = Math.max(10, width - left - MARGIN.right);
  const innerHeight = height - MARGIN.top - MARGIN.bottom;
  const toX = (value: number): number => left + ((value - x.min) / (x.max - x.min)) * innerWidth;
  const toY = (value: number): number =>
    MARGIN.top + innerHeight - ((value - y.min) / (y.max - y.min)) * innerHeight;
  const path = (points: readonly XyPoint[]): string =>
    points
      .map(
        (point, place) => `${place === 0 ? 'M' : 'L'}${toX(point.x).toFixed(1)},${toY(point.y).toFixed(1)}`,
      )
      .join('');
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    let best: typeof hovered = null;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (const one of series) {
      if (one.shape === 'dashed') continue;
      for (const point of one.points) {
        const distance = (toX(point.x) - at.x) ** 2 + (toY(point.y) - at.y) ** 2;
        if (distance < bestDistance) [best, bestDistance] = [{ series: one, point }, distance];
      }
    }
    setHovered(best);
  };
  return (
    <div ref={ref} className={classes.box} style={{ blockSize: height }}>
      {width === 0 ? null : (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setHovered(null)}
          onPointerUp={() => {
            if (hovered !== null) onOpen?.(hovered.point);
          }}
          style={onOpen === undefined || hovered === null ? undefined : { cursor: 'pointer' }}
        >
          {yTicks.map(({ value: tick, text }) => (
            <g key={tick}>
              <line
                x1={left}
                x2={width - MARGIN.right}
                y1={toY(tick)}
                y2={toY(tick)}
                className={classes.grid}
              />
              <text x={left - 6} y={toY(tick) + 4} textAnchor="end">
                {text}
              </text>
            </g>
          ))}
          {ticksOf(x, Math.max(3, Math.floor(innerWidth / 80))).map(({ value: tick, label: name }) => (
            <g key={tick}>
              <line
                x1={toX(tick)}
                x2={toX(tick)}
                y1={MARGIN.top}
                y2={MARGIN.top + innerHeight}
                className={classes.grid}
              />
              <text x={toX(tick)} y={height - MARGIN.bottom + 14} textAnchor="middle">
                {name ?? format.number(tick, 3)}
              </text>
            </g>
          ))}
          <text className={classes.axis} x={left + innerWidth / 2} y={height - 4} textAnchor="middle">
            {x.label}
          </text>
          <text
            className={classes.axis}
            transform={`translate(10 ${String(MARGIN.top + innerHeight / 2)}) rotate(-90)`}
            textAnchor="middle"
          >
            {y.label}
          </text>
          {series.map((one) => (
            <g key={one.key} style={{ color: one.color }}>
              {one.shape === 'dots' || one.shape === 'cloud' ? null : (
                <path
                  d={path(one.points)}
                  className={one.shape === 'dashed' ? classes.dashed : classes.line}
                />
              )}
              {one.shape === 'area' && one.points.length > 1 ? (
                <path
                  className={classes.area}
                  d={`${path(one.points)}L${toX(one.points.at(-1)!.x).toFixed(1)},${toY(y.min).toFixed(1)}L${toX(one.points[0]!.x).toFixed(1)},${toY(y.min).toFixed(1)}Z`}
                />
              ) : null}
              {one.shape === 'dots' || one.shape === 'cloud'
                ? one.points.map((point, place) => (
                    <circle
                      key={`${String(place)} ${String(point.x)} ${String(point.y)}`}
                      cx={toX(point.x)}
                      cy={toY(point.y)}
                      r={one.shape === 'cloud' ? 2 : 3.5}
                      className={one.shape === 'cloud' ? classes.cloud : classes.dot}
                    />
                  ))
                : null}
            </g>
          ))}
          {hovered === null ? null : (
            <circle
              cx={toX(hovered.point.x)}
              cy={toY(hovered.point.y)}
              r={4.5}
              className={classes.mark}
              style={{ color: hovered.series.color }}
            />
          )}
        </svg>
      )}
      {hovered === null ? null : (
        <ChartTip x={toX(hovered.point.x)} width={width} top={Math.max(0, toY(hovered.point.y) - 14)}>
          <b>{hovered.series.label}</b>
          <span>
            {x.label} {nameAt(x, hovered.point.x) ?? format.number(hovered.point.x, 5)}
          </span>
          <span>
            {y.label} {nameAt(y, hovered.point.y) ?? format.number(hovered.point.y, 5)}
          </span>
          {hovered.point.note === undefined ? null : <span>{hovered.point.note}</span>}
        </ChartTip>
      )}
    </div>
  );
}

const ticksOf = ({ min, max, ticks }: XyAxis, count: number): { value: number; label?: string }[] =>
  ticks === undefined ? niceTicks(min, max, count).map((value) => ({ value })) : [...ticks];

const nameAt = ({ ticks }: XyAxis, at: number): string | undefined =>
  ticks?.find(({ value }) => value === at)?.label;
