import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkewFeature } from '../../../shared/contract/types.ts';
import { skewedValues } from '../../../shared/skew.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Format } from '../../i18n/format.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './skew.module.css';

export interface SkewTableProps {
  readonly features: readonly SkewFeature[];
  readonly rows: number;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

const PARTS = ['mismatch', 'missing', 'extra'] as const;

/** Every feature that was compared, the worst on top. */
export function SkewTable({ features, rows, selected, onSelect }: SkewTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<SkewFeature>[]>(
    () => [
      {
        id: 'feature',
        header: t('features.skew.feature'),
        width: 'minmax(150px, 1.6fr)',
        value: ({ name }) => name,
        cell: ({ name }) => <Code>{name}</Code>,
      },
      {
        id: 'result',
        header: t('features.skew.result'),
        width: '96px',
        value: ({ asKnown }) => -skewedValues(asKnown),
        cell: (feature) => <Result feature={feature} />,
      },
      {
        id: 'share',
        header: t('features.skew.share'),
        width: 'minmax(150px, 1.2fr)',
        value: ({ asKnown }) => skewedValues(asKnown),
        cell: (feature) => <SkewBar feature={feature} rows={rows} />,
      },
      ...PARTS.map(
        (part): TableColumn<SkewFeature> => ({
          id: part,
          header: t(`features.skew.parts.${part}`),
          width: 'minmax(74px, 0.5fr)',
          align: 'end',
          value: ({ asKnown }) => asKnown[part],
          cell: ({ asKnown }) => <Count part={part} value={asKnown[part]} />,
        }),
      ),
      {
        id: 'distance',
        header: t('features.skew.distance'),
        width: 'minmax(92px, 0.6fr)',
        align: 'end',
        value: ({ asKnown }) => asKnown.smape ?? asKnown.editDistance,
        cell: ({ asKnown: { smape, editDistance } }) =>
          smape !== null ? (
            <span title={t('features.skew.smapeHint')}>{format.percent(smape, smape === 0 ? 0 : 1)}</span>
          ) : editDistance !== null ? (
            <span title={t('features.skew.editsHint')}>
              {t('features.skew.edits', { value: format.number(editDistance, 3) })}
            </span>
          ) : (
            '–'
          ),
      },
      {
        id: 'late',
        header: t('features.skew.late'),
        width: 'minmax(142px, 0.7fr)',
        align: 'end',
        value: ({ changedSince, knownLater }) => changedSince + knownLater,
        cell: (feature) => <span title={t('features.skew.lateHint')}>{lateText(feature, format)}</span>,
      },
    ],
    [t, format, rows],
  );
  return (
    <div className={classes.table}>
      <DataTable
        label={t('features.skew.features')}
        columns={columns}
        rows={features}
        rowKey={({ name }) => name}
        onOpen={({ name }) => onSelect(name)}
        selectedKey={selected}
      />
    </div>
  );
}

/** With the colour of its part of the bar. */
function Count({ part, value }: { readonly part: (typeof PARTS)[number]; readonly value: number }) {
  const format = useFormat();
  if (value === 0) return <span className={classes.faint}>{format.integer(0)}</span>;
  return (
    <>
      <i className={classes.dot} data-part={part} aria-hidden /> {format.integer(value)}
    </>
  );
}

function Result({ feature: { asKnown, today } }: { readonly feature: SkewFeature }) {
  const { t } = useTranslation();
  if (skewedValues(asKnown) > 0)
    return (
      <StatusBadge tone="attention" plain>
        {t('features.skew.skew')}
      </StatusBadge>
    );
  return (
    <StatusBadge tone={skewedValues(today) > 0 ? 'unknown' : 'good'} plain>
      {t(skewedValues(today) > 0 ? 'features.skew.lateOnly' : 'features.skew.same')}
    </StatusBadge>
  );
}

/** The share of reads that differed, by how; always wide enough to be seen. */
function SkewBar({ feature, rows }: { readonly feature: SkewFeature; readonly rows: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = skewedValues(feature.asKnown) / rows;
  const label = PARTS.map(
    (part) => `${t(`features.skew.parts.${part}`)} ${format.integer(feature.asKnown[part])}`,
  ).join(' · ');
  return (
    <span className={classes.bar} title={label}>
      <span className={classes.track} dir="ltr">
        {PARTS.map((part) =>
          feature.asKnown[part] === 0 ? null : (
            <span
              key={part}
              data-part={part}
              style={{ inlineSize: `${String((100 * feature.asKnown[part]) / rows)}%` }}
            />
          ),
        )}
      </span>
      <span className={classes.share}>{format.percent(share, share > 0 && share < 0.1 ? 1 : 0)}</span>
    </span>
  );
}

/** Of what differs today, the part that is late knowledge. */
function lateText({ today, changedSince, knownLater }: SkewFeature, format: Format): string {
  const differing = skewedValues(today) + knownLater;
  return differing === 0 ? '–' : format.percent((changedSince + knownLater) / differing);
}
