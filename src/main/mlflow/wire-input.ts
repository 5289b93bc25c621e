import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';

/** Fields of requests as protobuf's JSON writes them: 64-bit integers as numbers or texts, NaN and infinities as texts. */
export const int64 = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+$/, 'must be a whole number')
      .transform(Number),
  ])
  .pipe(z.number().int());

const SPECIAL_VALUES: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

export const metricValue = z.union([z.number(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value;
  const name = value.toLowerCase();
  if (Object.hasOwn(SPECIAL_VALUES, name)) return SPECIAL_VALUES[name]!;
  const number = Number(value);
  if (value.trim() !== '' && !Number.isNaN(number)) return number;
  context.addIssue({ code: 'custom', message: 'must be a number, or NaN, Infinity or -Infinity as text' });
  return z.NEVER;
});

const KEY_LENGTH = 250;
/** Of params and tags. What is longer is cut, as MLflow's own server does (at 6000 and 8000): no training shall end over it. */
const VALUE_LENGTH = 65_536;
const value = z
  .string()
  .default('')
  .transform((whole) => (whole.length > VALUE_LENGTH ? whole.slice(0, VALUE_LENGTH).toWellFormed() : whole));

export const key = z.string().min(1).max(KEY_LENGTH);
export const pair = z.object({ key, value });
export const text = z.string();

/** Lists by query are one field repeated; a single one then comes alone. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]),
    z.array(item),
  );

const MOST_ROWS = 50_000;
export const maxResults = (byDefault: number, most = MOST_ROWS) =>
  int64.pipe(z.number().min(1).max(most)).default(byDefault);

export const viewType = z
  .enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'])
  .default('ACTIVE_ONLY')
  .transform((view) => (view === 'ALL' ? 'all' : view === 'ACTIVE_ONLY' ? 'active' : 'deleted'));

/** Most calls name a run twice, by its id's new and its old name. */
export const runId = {
  run_id: z.string().optional(),
  run_uuid: z.string().optional(),
};

export function runIdOf(input: { run_id?: string | undefined; run_uuid?: string | undefined }): string {
  const id = input.run_id || input.run_uuid;
  if (id) return id;
  throw new FalajError('BAD_INPUT', 'run_id: a run is needed.', { details: { field: 'run_id' } });
}

/** Pairs as a map. A key twice with two values is refused: one of them would be lost. */
export function recordOf(
  pairs: readonly { readonly key: string; readonly value: string }[],
  field: string,
): Record<string, string> {
  const record = new Map<string, string>();
  for (const pair of pairs) {
    const before = record.get(pair.key);
    if (before !== undefined && before !== pair.value)
      throw new FalajError('BAD_INPUT', `${field}: ${pair.key} is given twice with different values.`);
    record.set(pair.key, pair.value);
  }
  return Object.fromEntries(record);
}
