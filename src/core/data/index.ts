export { takeRows } from '../../shared/table/take-rows.ts';
export { buildColumn, type PlainValue } from './build-column.ts';
export { dataJobs } from './data-jobs.ts';
export {
  DataRoom,
  type DataRoomOptions,
  type ImportRequest,
  type LoadedTable,
  type RowsAsArrow,
  type Selection,
} from './data-room.ts';
export { assembleColumn } from './duckdb/logical.ts';
export { evaluateExpressions } from './evaluate-expressions.ts';
export { expectationMisfit } from './expectations/expectation-fit.ts';
export { concatenateTables } from './history/concatenate.ts';
export type { SegmentPlace } from './history/part.ts';
export type { ImportSource } from './import/stage-part.ts';
export { dataMigrations } from './migrations.ts';
export { assertOutputFile } from './output-file.ts';
export { parseTime } from './parse-time.ts';
export { type PeekOptions, peekTable } from './peek.ts';
export type { RemoteBytes } from './reader/child-input.ts';
export { type DatabaseSelection, selectStatement } from './reader/database-selection.ts';
export { type TableFormat, tableFormat } from './reader/foreign-file.ts';
export { type ForeignTable, readDatabase, readPiped, readRemote } from './reader/read-files.ts';
export { ReaderProcesses } from './reader/reader-processes.ts';
export { readTableSegment, writeTableSegment } from './segment/table-segment.ts';
export {
  type FileFormat,
  type ReadTableOptions,
  readTableFile,
  readTableStream,
  type StagedFile,
  stageFile,
  stageTableFile,
  tableAsArrow,
  tablesAsArrow,
  writeTableFile,
} from './table-file.ts';
