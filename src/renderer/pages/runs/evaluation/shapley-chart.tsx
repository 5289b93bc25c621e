import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useWidth } from '../../../components/use-width.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { beeswarm } from './beeswarm.ts';
import classes from './evaluation.module.css';

type Features = NonNullable<Evaluation['shapley']>;

const SHOWN_FEATURES = 12;
const ROW_HEIGHT = 26;
const AXIS_HEIGHT = 20;
const LABEL_WIDTH = 130;
const RADIUS = 2.2;

/** Low values in one colour of the palette, high ones in another; grey has no order. */
const colourOf = (level: number | null): string =>
  level === null
    ? 'var(--reference)'
    : `color-mix(in oklab, var(--series-2) ${Math.round(level * 100)}%, var(--series-3))`;

/** What each feature adds to the scores of single rows: a dot a row, coloured by the feature's own value. */
export function ShapleyChart({
  features,
  base,
  ofClass,
  children,
}: {
  readonly features: Features;
  /** What contributions are added to; an older report has none. */
  readonly base?: number | undefined;
  /** The class whose score it is, where each class has its own. */
  readonly ofClass?: string;
  /** The choice of class. */
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [ref, width] = useWidth<HTMLDivElement>();
  const shown = features.slice(0, SHOWN_FEATURES);
  const largest =
    Math.max(...shown.flatMap(({ points }) => points.map(({ contribution }) => Math.abs(contribution)))) || 1;
  const plotWidth = Math.max(10, width - LABEL_WIDTH - 8);
  const toX = (value: number): number => LABEL_WIDTH + plotWidth * (0.5 + (0.49 * value) / largest);
  const rows = shown[0]?.points.length ?? 0;
  const height = shown.length * ROW_HEIGHT + AXIS_HEIGHT;
  const summary = t(`runs.evaluation.${ofClass === undefined ? 'shapleySummary' : 'shapleyClassSummary'}`, {
    name: ofClass,
    rows: format.integer(rows),
    features: shown
      .slice(0, 3)
      .map(({ feature }) => feature)
      .join('; '),
  });
  return (
    <ChartFrame
      title={t('runs.evaluation.shapley')}
      summary={summary}
      fileName="shapley"
      legend={[
        { key: 'low', label: t('runs.evaluation.lowValue'), color: colourOf(0) },
        { key: 'high', label: t('runs.evaluation.highValue'), color: colourOf(1) },
        { key: 'none', label: t('runs.evaluation.noOrder'), color: colourOf(null) },
      ]}
      table={{
        columns: ['feature', 'contribution', 'level'],
        rows: features.flatMap(({ feature, points }) =>
          points.map(({ contribution, level }) => [feature, contribution, level]),
        ),
      }}
    >
      {children}
      {base === undefined ? null : (
        <p className={classes.base}>
          {t('runs.evaluation.shapleyBase', { base: `\u2066${format.number(base, 4)}\u2069` })}
        </p>
      )}
      <div ref={ref} className={classes.swarm} style={{ blockSize: height }}>
        {width === 0 ? null : (
          <svg width={width} height={height} role="img" aria-label={summary}>
            <line x1={toX(0)} x2={toX(0)} y1={0} y2={height - AXIS_HEIGHT} className={classes.swarmAxis} />
            {[-largest, 0, largest].map((tick) => (
              <text
                key={tick}
                x={toX(tick)}
                y={height - 6}
                textAnchor={tick < 0 ? 'start' : tick > 0 ? 'end' : 'middle'}
              >
                {format.number(tick, 3)}
              </text>
            ))}
            {shown.map(({ feature, points }, place) => {
              const middle = (place + 0.5) * ROW_HEIGHT;
              const offsets = beeswarm(
                points.map(({ contribution }) => toX(contribution)),
                2 * RADIUS,
                ROW_HEIGHT / 2 - RADIUS,
              );
              return (
                <g key={feature}>
                  <text x={0} y={middle + 4} className={classes.swarmLabel}>
                    <title>{feature}</title>
                    {feature.length > 18 ? `${feature.slice(0, 17)}…` : feature}
                  </text>
                  {points.map(({ contribution, level }, row) => (
                    <circle
                      key={`${String(row)} ${String(contribution)}`}
                      cx={toX(contribution)}
                      cy={middle + offsets[row]!}
                      r={RADIUS}
                      fill={colourOf(level)}
                    />
                  ))}
                </g>
              );
            })}
          </svg>
        )}
      </div>
    </ChartFrame>
  );
}
