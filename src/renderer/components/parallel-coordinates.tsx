import { type PointerEvent, useMemo, useState } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { cx } from './cx.ts';
import { type Brushes, isInside, type ParallelAxis, type PlacedAxis, placeAxis } from './parallel-axes.ts';
import classes from './parallel-coordinates.module.css';
import { useWidth } from './use-width.ts';

export interface ParallelLine {
  readonly key: string;
  readonly label: string;
  /** From 0, the worst, to 1, the best; null for one that cannot be judged. */
  readonly goodness: number | null;
}

export interface ParallelCoordinatesProps {
  readonly label: string;
  readonly axes: readonly ParallelAxis[];
  /** In the order of the axes' values. */
  readonly lines: readonly ParallelLine[];
  readonly current?: string | null;
  readonly brushes: Brushes;
  readonly onBrush: (brushes: Brushes) => void;
  readonly onOpen?: (key: string) => void;
}

const HEIGHT = 260;
const TOP = 40;
const BOTTOM = 14;
const SIDE = 56;
const LEAST_GAP = 70;
/** Names of axes that are closer than this stand higher and lower by turns. */
const NAME_GAP = 110;
const NAME_LINE = 12;
const GRIP = 28;
/** A press that moved less takes the brush away. */
const LEAST_BRUSH = 0.02;

const yOf = (place: number): number => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
const placeAt = (y: number): number => Math.min(1, Math.max(0, 1 - (y - TOP) / (HEIGHT - TOP - BOTTOM)));

/** A line per run over an axis per setting and metric; drag along an axis to keep what goes through there. */
export function ParallelCoordinates({
  label,
  axes,
  lines,
  current,
  brushes,
  onBrush,
  onOpen,
}: ParallelCoordinatesProps) {
  const format = useFormat();
  const [ref, width] = useWidth<HTMLDivElement>();
  const placed = useMemo(
    () => axes.map((axis) => placeAxis(axis, (value) => format.number(value, 3))),
    [axes, format],
  );
  const gap = Math.max(LEAST_GAP, (width - 2 * SIDE) / Math.max(1, placed.length - 1));
  const drawn = 2 * SIDE + gap * Math.max(1, placed.length - 1);
  const xOf = (axis: number): number => SIDE + axis * gap;
  // The best lie on top.
  const order = lines
    .map(({ goodness }, line) => ({
      line,
      goodness: goodness ?? -1,
      inside: isInside(placed, brushes, line),
    }))
    .sort((a, b) => Number(a.inside) - Number(b.inside) || a.goodness - b.goodness);
  return (
    <div className={classes.box} ref={ref}>
      <svg width={drawn} height={HEIGHT} role="img" aria-label={label}>
        {order.map(({ line, inside }) => {
          const { key, goodness, label: name } = lines[line]!;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table beside it does the same by keys
            <path
              key={key}
              className={cx(classes.line, !inside && classes.outside, key === current && classes.current)}
              style={inside ? { stroke: colorOf(goodness) } : undefined}
              d={pathOf(placed, line, xOf)}
              onClick={() => onOpen?.(key)}
            >
              <title>{name}</title>
            </path>
          );
        })}
        {placed.map((axis, index) => (
          <Axis
            key={axis.key}
            axis={axis}
            x={xOf(index)}
            isLast={index === placed.length - 1}
            nameY={gap < NAME_GAP && index % 2 === 0 ? NAME_LINE : 2 * NAME_LINE}
            brush={brushes[axis.key]}
            onBrush={(brush) => {
              const { [axis.key]: _before, ...others } = brushes;
              onBrush(brush === null ? others : { ...others, [axis.key]: brush });
            }}
          />
        ))}
      </svg>
    </div>
  );
}

interface AxisProps {
  readonly axis: PlacedAxis;
  readonly x: number;
  readonly nameY: number;
  /** Its numbers stand to its left: to its right is little room. */
  readonly isLast: boolean;
  readonly brush: readonly [number, number] | undefined;
  readonly onBrush: (brush: readonly [number, number] | null) => void;
}

function Axis({ axis, x, nameY, isLast, brush, onBrush }: AxisProps) {
  const [from, setFrom] = useState<number | null>(null);
  const at = (event: PointerEvent<SVGRectElement>): number =>
    placeAt(event.clientY - event.currentTarget.ownerSVGElement!.getBoundingClientRect().top);
  return (
    <g>
      <line className={classes.axis} x1={x} x2={x} y1={yOf(0)} y2={yOf(1)} />
      <text className={classes.name} x={x} y={nameY} textAnchor="middle">
        {axis.label}
      </text>
      {axis.ticks.map(({ place, label }) => (
        <text
          key={`${label} ${String(place)}`}
          x={isLast ? x - 6 : x + 6}
          textAnchor={isLast ? 'end' : 'start'}
          y={yOf(place) + 4}
        >
          {label}
        </text>
      ))}
      {brush === undefined ? null : (
        <rect
          className={classes.brush}
          x={x - 7}
          width={14}
          y={yOf(brush[1])}
          height={yOf(brush[0]) - yOf(brush[1])}
        />
      )}
      <rect
        className={classes.grip}
        x={x - GRIP / 2}
        width={GRIP}
        y={TOP - 6}
        height={HEIGHT - TOP - BOTTOM + 12}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(at(event));
        }}
        onPointerMove={(event) => {
          if (from === null) return;
          const to = at(event);
          if (Math.abs(to - from) >= LEAST_BRUSH) onBrush([Math.min(from, to), Math.max(from, to)]);
        }}
        onPointerUp={(event) => {
          if (from !== null && Math.abs(at(event) - from) < LEAST_BRUSH) onBrush(null);
          setFrom(null);
        }}
      />
    </g>
  );
}

function pathOf(axes: readonly PlacedAxis[], line: number, xOf: (axis: number) => number): string {
  let path = '';
  let isOn = false;
  for (const [index, { places }] of axes.entries()) {
    const place = places[line] ?? null;
    if (place !== null) path += `${isOn ? 'L' : 'M'}${xOf(index).toFixed(1)} ${yOf(place).toFixed(1)}`;
    isOn = place !== null;
  }
  return path;
}

/** From grey to the accent, which both themes can tell from their ground. */
const colorOf = (goodness: number | null): string =>
  goodness === null
    ? 'var(--text-faint)'
    : `color-mix(in oklab, var(--accent) ${String(Math.round(20 + 80 * goodness))}%, var(--text-faint))`;
