/** What files of tables are called, for the system's dialog. */
export const TABLE_EXTENSIONS = [
  'parquet',
  'csv',
  'tsv',
  'arrow',
  'arrows',
  'feather',
  'ipc',
  'ndjson',
  'jsonl',
];
