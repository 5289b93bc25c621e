import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { trainingSetReceipt } from '../../../shared/contract/receipts.ts';
import type { ReceiptDifference, TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnHash } from '../../../trust/table-hash/index.ts';
import type { SetDescription } from './describe-set.ts';

const MAX_RECEIPT_BYTES = 64 * 2 ** 20;

/** @throws FILE_NOT_FOUND, FILE_UNREADABLE, or MALFORMED_FILE for what is no receipt. */
export async function readReceipt(file: string): Promise<TrainingSetReceipt> {
  const name = path.basename(file);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new FalajError(
      error.code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      error.code === 'ENOENT' ? `There is no file "${name}".` : `"${name}" cannot be read (${error.code}).`,
      { hint: 'Check the path.', cause: error },
    );
  });
  const malformed = (what: string, cause?: unknown): FalajError =>
    new FalajError('MALFORMED_FILE', `"${name}" is not the receipt of a training set: ${what}.`, {
      hint: 'A receipt is what `falaj features historical --receipt FILE` writes.',
      cause,
    });
  if (bytes.length > MAX_RECEIPT_BYTES) throw malformed('it is too long');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed('it is not JSON', error);
  }
  const parsed = trainingSetReceipt.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(`${issue!.path.join('.') || 'the document'}: ${issue!.message}`, parsed.error);
}

/** How the rows given to a rebuild differ from those recorded; null when they are the same. */
export function spineDifference(
  receipt: TrainingSetReceipt,
  found: { readonly rows: number; readonly digest: string; readonly columns: readonly ColumnHash[] },
): ReceiptDifference | null {
  const { spine, output } = receipt;
  if (found.digest === spine.digest) return null;
  const recorded = output.columns.slice(0, spine.columns.length);
  const names = [...new Set([...recorded, ...found.columns].map(({ name }) => name))].filter((name) => {
    const [before, now] = [recorded, found.columns].map((all) => all.find((column) => column.name === name));
    return before?.digest !== now?.digest || before?.type !== now?.type;
  });
  const what =
    found.rows !== spine.rows
      ? `${found.rows} rows instead of ${spine.rows}`
      : names.length > 0
        ? `other values in ${names.join(', ')}`
        : 'other columns, or the same in another order';
  return { kind: 'spine', name: names.join(', '), message: `The entities are not those recorded: ${what}.` };
}

/** What came out differently, column by column. */
export function outputDifferences(
  receipt: TrainingSetReceipt,
  rebuilt: SetDescription['output'],
): ReceiptDifference[] {
  const { output } = receipt;
  if (rebuilt.rows !== output.rows) {
    return [{ kind: 'rows', name: '', message: `${rebuilt.rows} rows instead of ${output.rows}.` }];
  }
  const names = [...new Set([...output.columns, ...rebuilt.columns].map(({ name }) => name))];
  return names.flatMap((name): ReceiptDifference[] => {
    const before = output.columns.find((column) => column.name === name);
    const now = rebuilt.columns.find((column) => column.name === name);
    if (before?.digest === now?.digest && before?.type === now?.type) return [];
    const what = before === undefined ? 'is new' : now === undefined ? 'is gone' : 'has other values';
    return [{ kind: 'column', name, message: `Column "${name}" ${what}.` }];
  });
}
