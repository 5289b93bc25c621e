import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { ForeignTable } from '../reader/read-files.ts';
import type { RowGroup } from '../segment/writer.ts';

type GroupColumn = RowGroup['columns'][number];

interface Conversion {
  /** Where in the file's groups the column stands. */
  readonly index: number;
  readonly wanted: ColumnSchema;
  readonly found: ColumnSchema;
}

/**
 * The rows of a file under the columns of the dataset that they are added to. Names must be the same, in any order, and
 * types equal; whole numbers and days pass for floats and times, and a column without any value for every type, since a
 * text file does not say which it means. Throws UNKNOWN_COLUMN and TYPE_MISMATCH naming file and column.
 */
export function conform(
  table: ForeignTable,
  wanted: readonly ColumnSchema[],
  place: { readonly file: string; readonly dataset: string },
): ForeignTable {
  const conversions = wanted.map((column) => conversionOf(table.schema, column, place));
  const extra = table.schema.find(({ name }) => wanted.every((column) => column.name !== name));
  if (extra !== undefined) {
    throw new FalajError(
      'UNKNOWN_COLUMN',
      `"${place.file}" has a column "${extra.name}", which dataset "${place.dataset}" does not have.`,
      { hint: hintFor(wanted), details: { file: place.file, column: extra.name } },
    );
  }
  return { ...table, schema: wanted, groups: converted(table.groups, conversions, place) };
}

function conversionOf(
  schema: readonly ColumnSchema[],
  wanted: ColumnSchema,
  { file, dataset }: { readonly file: string; readonly dataset: string },
): Conversion {
  const index = schema.findIndex(({ name }) => name === wanted.name);
  const found = schema[index];
  if (found === undefined) {
    throw new FalajError(
      'UNKNOWN_COLUMN',
      `"${file}" has no column "${wanted.name}", which dataset "${dataset}" has.`,
      { hint: hintFor(schema), details: { file, column: wanted.name } },
    );
  }
  const conversion = { index, wanted, found };
  if (found.type !== wanted.type && !mayHold(found, wanted)) throw mismatch(conversion, file, dataset);
  return conversion;
}

const hintFor = (columns: readonly ColumnSchema[]): string =>
  `Its columns are: ${columns.map(({ name }) => name).join(', ')}. Give the file the columns of the dataset, or replace the dataset.`;

/** Text may turn out to have no value at all. */
const mayHold = (found: ColumnSchema, wanted: ColumnSchema): boolean =>
  found.type === 'string' || widens(found, wanted);

const widens = (found: ColumnSchema, wanted: ColumnSchema): boolean =>
  (found.type === 'int64' && wanted.type === 'float64') ||
  (found.type === 'date' && wanted.type === 'timestamp');

const mismatch = ({ found, wanted }: Conversion, file: string, dataset: string): FalajError =>
  new FalajError(
    'TYPE_MISMATCH',
    `Column "${wanted.name}" of "${file}" is ${found.type}; in dataset "${dataset}" it is ${wanted.type}.`,
    {
      hint: 'Correct the file, or import it as a dataset of its own.',
      details: { file, column: wanted.name, found: found.type, expected: wanted.type },
    },
  );

async function* converted(
  groups: AsyncIterable<RowGroup>,
  conversions: readonly Conversion[],
  { file, dataset }: { readonly file: string; readonly dataset: string },
): AsyncGenerator<RowGroup> {
  for await (const { rows, columns } of groups) {
    yield {
      rows,
      columns: conversions.map((conversion) => {
        const column = columns[conversion.index]!;
        if (conversion.found.type === conversion.wanted.type) return column;
        const fits = widens(conversion.found, conversion.wanted)
          ? column.values instanceof Float64Array
          : column.validity?.includes(1) === false;
        if (!fits) throw mismatch(conversion, file, dataset);
        return widens(conversion.found, conversion.wanted)
          ? column
          : withoutValues(column, rows, conversion.wanted);
      }),
    };
  }
}

function withoutValues({ validity }: GroupColumn, rows: number, { type }: ColumnSchema): GroupColumn {
  return { values: type === 'bool' ? new Uint8Array(rows) : new Float64Array(rows), validity, fresh: [] };
}
