import { FalajError } from '../../shared/errors.ts';
import { nearestHint, nearestName } from '../../shared/nearest-name.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';

export interface TableRule {
  /** What the rows are for, in messages: `view "visits"`. */
  readonly of: string;
  /** Fields that every row must have; null counts as missing. */
  readonly required: ReadonlySet<string>;
  /** Fields that must be there, though they may be null. */
  readonly present: ReadonlySet<string>;
  /** Whether fields that no column has are refused. */
  readonly strict: boolean;
}

const place = (row: number | null): string => (row === null ? '' : `Row ${row}: `);

export function unknownField(
  name: string,
  columns: readonly ColumnSchema[],
  rule: TableRule,
  row: number | null,
): FalajError {
  const names = columns.map((column) => column.name);
  return new FalajError('UNKNOWN_COLUMN', `${place(row)}${rule.of} has no column "${name}".`, {
    hint: nearestHint(name, names, `The columns are: ${names.join(', ')}.`),
    details: { field: name, ...(row === null ? {} : { row }) },
  });
}

export function missingField(
  name: string,
  given: readonly string[],
  rule: TableRule,
  row: number | null,
): FalajError {
  const nearest = nearestName(name, given);
  return new FalajError('UNKNOWN_COLUMN', `${place(row)}"${name}" is missing, which ${rule.of} needs.`, {
    hint:
      nearest === null
        ? `Add it to ${row === null ? 'the file' : 'the row'}.`
        : `There is "${nearest}" instead: rename it to "${name}".`,
    details: { field: name, ...(row === null ? {} : { row }) },
  });
}

export const nullField = (name: string, row: number): FalajError =>
  new FalajError('BAD_INPUT', `Row ${row}: "${name}" is empty.`, {
    hint: 'Keys and event times must have a value in every row.',
    details: { row, field: name },
  });
