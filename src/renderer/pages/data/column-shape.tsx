import { useTranslation } from 'react-i18next';
import type { ColumnProfile } from '../../../shared/contract/types.ts';
import { microsToIso } from '../../../shared/table/column.ts';
import { Histogram } from '../../components/histogram.tsx';
import { useFormat } from '../../i18n/use-format.ts';

const TIMES = new Set(['timestamp', 'date']);

/** A column's distribution: its histogram, or the counts of its most frequent values. */
export function ColumnShape({ profile }: { readonly profile: ColumnProfile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const edge = (value: number): string =>
    TIMES.has(profile.type) ? microsToIso(value).slice(0, 10) : format.number(value);
  const bars =
    profile.histogram.length > 0
      ? profile.histogram.map((bin) => ({
          key: String(bin.from),
          height: bin.count,
          title: `${edge(bin.from)} – ${edge(bin.to)}: ${format.integer(bin.count)}`,
        }))
      : profile.topValues.map(({ value, count }) => ({
          key: String(value),
          height: count,
          title: `${String(value)}: ${format.integer(count)}`,
        }));
  return <Histogram bars={bars} label={t('data.distributionOf', { name: profile.name })} />;
}
