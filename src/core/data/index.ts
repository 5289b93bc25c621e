export { dataJobs } from './data-jobs.ts';
export {
  DataRoom,
  type DataRoomOptions,
  type ImportRequest,
  type LoadedTable,
  type Selection,
} from './data-room.ts';
export { evaluateExpressions } from './evaluate-expressions.ts';
export { expectationMisfit } from './expectations/expectation-fit.ts';
export { dataMigrations } from './migrations.ts';
export { assertOutputFile } from './output-file.ts';
export { tableFormat } from './reader/foreign-file.ts';
export { type FileFormat, type ReadTableOptions, readTableFile, writeTableFile } from './table-file.ts';
export { takeRows } from './table-rows.ts';
