import { type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DriftColumn } from '../../../shared/contract/types.ts';
import { microsToIso } from '../../../shared/table/column.ts';
import { ChartFrame } from '../../components/chart-frame.tsx';
import { ChartTip } from '../../components/chart-tip.tsx';
import { niceTicks } from '../../components/nice-ticks.ts';
import { useWidth } from '../../components/use-width.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './drift.module.css';
import { largestChange } from './drift-order.ts';

const HEIGHT = 208;
const MARGIN = { left: 48, right: 8, top: 8, bottom: 36 } as const;

interface Cell {
  readonly key: string;
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}

/** One column then and now: the reference as grey ground, the current data as accent bars before it. */
export function DistributionPanel({ column }: { readonly column: DriftColumn }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { edges, categories, reference, current } = column.distribution;
  const isTime = column.type === 'timestamp' || column.type === 'date';
  const edge = (value: number): string =>
    isTime ? microsToIso(value).slice(0, 10) : format.number(value, 4);
  const cells: readonly Cell[] = reference.map((share, place) => ({
    key: String(place),
    label:
      edges === null
        ? (categories?.[place] ?? '')
        : `${edge(edges[place]!)} – ${edge(edges[place + 1] ?? edges[place]!)}`,
    reference: share,
    current: current[place] ?? 0,
  }));
  const most = cells[largestChange(column)];
  const summary = t('drift.distributionSummary', {
    column: column.name,
    test: t(`drift.tests.${column.test}`),
    score: format.number(column.score, 4),
    threshold: format.number(column.threshold, 4),
    where: most?.label ?? '–',
    before: format.percent(most?.reference ?? 0, 1),
    after: format.percent(most?.current ?? 0, 1),
  });
  return (
    <div className={classes.distribution}>
      <ChartFrame
        title={t('drift.distribution', { column: `\u2068${column.name}\u2069` })}
        summary={summary}
        fileName={`drift-${column.name}`}
        legend={[
          { key: 'reference', label: t('drift.reference'), color: 'var(--reference)' },
          { key: 'current', label: t('drift.current'), color: 'var(--accent)' },
        ]}
        table={{
          columns:
            edges === null
              ? [t('drift.category'), t('drift.reference'), t('drift.current')]
              : [t('drift.from'), t('drift.to'), t('drift.reference'), t('drift.current')],
          rows: cells.map((cell, place) =>
            edges === null
              ? [cell.label, cell.reference, cell.current]
              : isTime
                ? [edge(edges[place]!), edge(edges[place + 1]!), cell.reference, cell.current]
                : [edges[place]!, edges[place + 1]!, cell.reference, cell.current],
          ),
        }}
      >
        <Bars cells={cells} edges={edges} edgeText={edge} xLabel={column.name} summary={summary} />
      </ChartFrame>
    </div>
  );
}

interface BarsProps {
  readonly cells: readonly Cell[];
  readonly edges: readonly number[] | null;
  readonly edgeText: (value: number) => string;
  readonly xLabel: string;
  readonly summary: string;
}

function Bars({ cells, edges, edgeText, xLabel, summary }: BarsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | null>(null);
  const innerWidth = Math.max(10, width - MARGIN.left - MARGIN.right);
  const innerHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const top = Math.max(1e-9, ...cells.flatMap((cell) => [cell.reference, cell.current])) * 1.06;
  const step = innerWidth / Math.max(1, cells.length);
  const toY = (share: number): number => MARGIN.top + innerHeight * (1 - share / top);
  const every = Math.max(1, Math.ceil((edges === null ? 44 : 70) / step));
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const place = Math.floor(
      (event.clientX - event.currentTarget.getBoundingClientRect().left - MARGIN.left) / step,
    );
    setHovered(place >= 0 && place < cells.length ? place : null);
  };
  const shown = hovered === null ? undefined : cells[hovered];
  const middle = MARGIN.left + ((hovered ?? 0) + 0.5) * step;
  return (
    <div ref={ref} className={classes.plot} style={{ blockSize: HEIGHT }}>
      {width === 0 ? null : (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={summary}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setHovered(null)}
        >
          {niceTicks(0, top, 4).map((tick) => (
            <g key={tick}>
              <line
                x1={MARGIN.left}
                x2={width - MARGIN.right}
                y1={toY(tick)}
                y2={toY(tick)}
                className={classes.grid}
              />
              <text x={MARGIN.left - 6} y={toY(tick) + 4} textAnchor="end">
                {`${format.number(tick * 100, 3)} %`}
              </text>
            </g>
          ))}
          {cells.map((cell, place) => {
            const x = MARGIN.left + place * step;
            const gap = Math.min(3, step * 0.12);
            return (
              <g key={cell.key} data-hovered={place === hovered ? true : undefined}>
                <rect
                  x={x + gap / 2}
                  width={Math.max(1, step - gap)}
                  y={toY(cell.reference)}
                  height={Math.max(0, toY(0) - toY(cell.reference))}
                  className={classes.referenceBar}
                />
                <rect
                  x={x + step * 0.25}
                  width={Math.max(1, step * 0.5)}
                  y={toY(cell.current)}
                  height={Math.max(0, toY(0) - toY(cell.current))}
                  className={classes.currentBar}
                />
              </g>
            );
          })}
          {(edges ?? []).map((value, place) =>
            place % every === 0 ? (
              <text
                key={value}
                x={MARGIN.left + place * step}
                y={HEIGHT - MARGIN.bottom + 15}
                textAnchor="middle"
              >
                {edgeText(value)}
              </text>
            ) : null,
          )}
          {edges === null
            ? cells.map((cell, place) =>
                place % every === 0 ? (
                  <text
                    key={cell.key}
                    x={MARGIN.left + (place + 0.5) * step}
                    y={HEIGHT - MARGIN.bottom + 15}
                    textAnchor="middle"
                  >
                    {cell.label.length > 12 ? `${cell.label.slice(0, 11)}…` : cell.label}
                  </text>
                ) : null,
              )
            : null}
          <text className={classes.axis} x={MARGIN.left + innerWidth / 2} y={HEIGHT - 4} textAnchor="middle">
            {xLabel}
          </text>
          <text
            className={classes.axis}
            transform={`translate(10 ${String(MARGIN.top + innerHeight / 2)}) rotate(-90)`}
            textAnchor="middle"
          >
            {t('drift.share')}
          </text>
        </svg>
      )}
      {shown === undefined ? null : (
        <ChartTip x={middle} width={width}>
          <b>{shown.label}</b>
          <span data-side="reference">
            {t('drift.reference')} {format.percent(shown.reference, 3)}
          </span>
          <span data-side="current">
            {t('drift.current')} {format.percent(shown.current, 3)}
          </span>
        </ChartTip>
      )}
    </div>
  );
}
