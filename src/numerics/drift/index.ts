export { type CompareOptions, compareTables } from './compare-tables.ts';
