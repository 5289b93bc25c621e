export { equalWidthHistogram, type HistogramBin } from './histogram.ts';
export { DISTINCT_NUMBERS_BOUND, profileColumn } from './profile-column.ts';
export { valuesAtRanks } from './ranks.ts';
