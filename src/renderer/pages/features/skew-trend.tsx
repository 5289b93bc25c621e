import { useTranslation } from 'react-i18next';
import type { SkewFigures } from '../../../shared/contract/types.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './skew.module.css';

/** As many as fit beside the verdict. */
const MOST_BARS = 40;

/** Shares below it would not be seen. */
const LEAST_HEIGHT = 0.08;

/** The share of values with skew at each of the last comparisons, time running left to right. Nothing before the second. */
export function SkewTrend({ checks }: { readonly checks: readonly SkewFigures[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (checks.length < 2) return null;
  const shown = checks.slice(0, MOST_BARS).toReversed();
  const shares = shown.map(({ skewed, values }) => (values === 0 ? 0 : skewed / values));
  const most = Math.max(...shares);
  const percent = (share: number): string => format.percent(share, share > 0 && share < 0.1 ? 1 : 0);
  return (
    <figure className={classes.trend}>
      <div
        className={classes.trendBars}
        dir="ltr"
        role="img"
        aria-label={t('features.skew.trendLabel', {
          count: shown.length,
          first: percent(shares[0]!),
          most: percent(most),
          last: percent(shares.at(-1)!),
        })}
      >
        {shown.map((check, at) => (
          <i
            key={check.checkedAt}
            data-skewed={check.skewed > 0 ? '' : undefined}
            style={{
              blockSize: `${String(100 * (most === 0 ? LEAST_HEIGHT : Math.max(LEAST_HEIGHT, shares[at]! / most)))}%`,
            }}
            title={[
              format.dateTime(check.checkedAt),
              percent(shares[at]!),
              check.skewedFeatures.slice(0, 3).join(', '),
            ]
              .filter((text) => text !== '')
              .join(' · ')}
          />
        ))}
      </div>
      <figcaption>{t('features.skew.trend', { most: percent(most) })}</figcaption>
    </figure>
  );
}
