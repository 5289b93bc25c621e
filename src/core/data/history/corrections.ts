import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema, Table } from '../../../shared/table/column.ts';
import { loadPart, type OpenPart } from './part-reader.ts';
import { NO_KEY, RowKeys } from './row-keys.ts';
import type { SupersededMask } from './superseded-mask.ts';

/** A part whose mask has grown. */
export interface Correction {
  readonly part: OpenPart;
  readonly mask: SupersededMask;
}

/**
 * Which rows a new part corrects: a row with the same key and event time as a later one is no longer current. `before` are
 * the parts ahead of it; a row of the new part may be corrected by a later row of the same part.
 */
export async function findCorrections(
  before: readonly OpenPart[],
  added: OpenPart,
  identity: readonly ColumnSchema[],
): Promise<Correction[]> {
  const table = await wholePart(added, identity);
  assertComplete(table, added.part.source);
  const keys = RowKeys.of(table.columns);
  const corrections: Correction[] = [];
  for (const part of before) {
    const earlier = keys.codesOf((await wholePart(part, identity)).columns);
    const mask = part.mask?.slice() ?? new Uint8Array(earlier.length);
    let changed = false;
    for (let row = 0; row < earlier.length; row++) {
      if (earlier[row] === NO_KEY || mask[row] === 1) continue;
      mask[row] = 1;
      changed = true;
    }
    if (changed) corrections.push({ part, mask });
  }
  const own = earlierOfSameKey(keys);
  if (own !== null) corrections.push({ part: added, mask: own });
  return corrections;
}

const wholePart = async (part: OpenPart, columns: readonly ColumnSchema[]): Promise<Table> =>
  (await loadPart(part, { columns, withSuperseded: true })).table;

/** Of several rows with one key all but the last. */
function earlierOfSameKey({ codes, size }: RowKeys): SupersededMask | null {
  if (size === codes.length) return null;
  const mask = new Uint8Array(codes.length);
  const seen = new Uint8Array(size);
  for (let row = codes.length - 1; row >= 0; row--) {
    const code = codes[row]!;
    mask[row] = seen[code]!;
    seen[code] = 1;
  }
  return mask;
}

/** A row without its key could neither correct another nor be corrected. */
function assertComplete(table: Table, source: string): void {
  for (const { name, validity } of table.columns) {
    const row = validity === null ? -1 : validity.indexOf(0);
    if (row === -1) continue;
    throw new FalajError(
      'MALFORMED_FILE',
      `Row ${row + 1} of "${source}" has no "${name}", which is part of the key.`,
      {
        hint: 'Every row needs its whole key and its event time. Fill it in, or leave such rows out of the file.',
        details: { file: source, column: name, row: row + 1 },
      },
    );
  }
}
