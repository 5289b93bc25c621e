import type { TFunction } from 'i18next';
import type { Format } from './format.ts';

/** `3M rows`. A shortened figure takes the plural of round numbers, whatever its last digits were. */
export const rowCountText = (t: TFunction, format: Format, rows: number): string =>
  t('data.rowCount', { count: rows < 1000 ? rows : 1_000_000, rows: format.compact(rows) });
