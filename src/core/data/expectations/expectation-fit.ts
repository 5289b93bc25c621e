import { columnsOf, type Expectation } from '../../../shared/definitions/datasets.ts';
import { nearestName } from '../../../shared/nearest-name.ts';
import type { ColumnSchema, ColumnType } from '../../../shared/table/column.ts';

export interface Misfit {
  readonly code: 'UNKNOWN_COLUMN' | 'TYPE_MISMATCH';
  readonly column: string;
  readonly message: string;
  readonly hint: string;
}

const TIMES: readonly ColumnType[] = ['timestamp', 'date'];
const NUMBERS: readonly ColumnType[] = ['float64', 'int64'];

/** Why an expectation cannot be held against rows of these columns; null when it can. */
export function expectationMisfit(one: Expectation, columns: readonly ColumnSchema[]): Misfit | null {
  for (const name of columnsOf(one)) {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) return unknownColumn(name, columns);
    const wanted = wantedOf(one, column.type);
    if (wanted !== null)
      return {
        code: 'TYPE_MISMATCH',
        column: name,
        message: `column "${name}" is ${column.type}, but ${wanted}.`,
        hint: 'Name another column, or another expectation.',
      };
  }
  return null;
}

function unknownColumn(name: string, columns: readonly ColumnSchema[]): Misfit {
  const names = columns.map((column) => column.name);
  const nearest = nearestName(name, names);
  return {
    code: 'UNKNOWN_COLUMN',
    column: name,
    message: `there is no column "${name}".`,
    hint: nearest === null ? `The columns are: ${names.join(', ')}.` : `Did you mean "${nearest}"?`,
  };
}

/** What the expectation needs instead of this type. */
function wantedOf(one: Expectation, type: ColumnType): string | null {
  if ('matches' in one) return type === 'string' ? null : 'matches needs text';
  if ('range' in one) {
    const given = one.range.filter((bound) => bound !== null);
    if (NUMBERS.includes(type))
      return given.every((bound) => typeof bound === 'number') ? null : 'the range is of times';
    if (TIMES.includes(type))
      return given.every((bound) => typeof bound === 'string') ? null : 'the range is of numbers';
    return 'range needs numbers or times';
  }
  if ('in' in one) {
    const wanted = NUMBERS.includes(type) ? 'number' : type === 'bool' ? 'boolean' : 'string';
    return one.in.every((value) => typeof value === wanted) ? null : `not every value of "in" is a ${wanted}`;
  }
  return null;
}
