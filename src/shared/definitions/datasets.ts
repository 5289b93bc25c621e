import { z } from 'zod';
import { nameSchema } from '../names.ts';

const duration = z.string().regex(/^\d+(us|ms|s|m|h|d)$/, 'A duration such as 500ms, 15m, 24h or 7d');

/** Share of the imported rows that may fail; none unless said. */
const maxShare = z.number().min(0).max(1).default(0);
const column = z.string().min(1);
/** A number, or a time in ISO-8601. */
const bound = z.union([z.number(), z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

const pattern = z.string().refine((text) => {
  try {
    new RegExp(text, 'u');
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}, 'Not a regular expression');

/** What must hold of the rows of an import; an empty value fails `notNull` only. */
export const expectation = z.union([
  z.strictObject({ column, notNull: z.literal(true), maxShare }),
  z.strictObject({ column, range: z.tuple([bound.nullable(), bound.nullable()]), maxShare }),
  z.strictObject({ column, in: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1), maxShare }),
  /** No two current rows of the dataset have the same values in all of them. */
  z.strictObject({ columns: z.array(column).min(1), unique: z.literal(true), maxShare }),
  /** The greatest age of the newest event time at the moment of the import. */
  z.strictObject({ freshness: duration }),
  /** A regular expression that the whole text fits. */
  z.strictObject({ column, matches: pattern, maxShare }),
]);

/** What an import of the dataset takes where it says nothing else, and what its rows are held to. */
export const datasetDefinition = z.strictObject({
  kind: z.literal('Dataset'),
  name: nameSchema,
  eventTime: z.string().optional(),
  knownTime: z.string().optional(),
  /** Together with the event time they tell which row a correction replaces. */
  keys: z.array(column).default([]),
  labels: z.array(z.string()).default([]),
  purposes: z.array(z.string()).default([]),
  owner: z.string().optional(),
  description: z.string().optional(),
  expectations: z.array(expectation).default([]),
});

export type Expectation = z.infer<typeof expectation>;
export type DatasetDefinition = z.infer<typeof datasetDefinition>;

/** The columns that an expectation names. */
export function columnsOf(one: Expectation): string[] {
  if ('columns' in one) return one.columns;
  return 'column' in one ? [one.column] : [];
}

/** An expectation in words, as errors and listings show it. */
export function describeExpectation(one: Expectation): string {
  if ('freshness' in one) return `newest event time at most ${one.freshness} old`;
  const allowance = one.maxShare === 0 ? '' : ` (but for ${one.maxShare * 100} %)`;
  return `${describeRule(one)}${allowance}`;
}

function describeRule(one: Exclude<Expectation, { freshness: string }>): string {
  if ('unique' in one) return `${one.columns.join(', ')} unique`;
  if ('notNull' in one) return `${one.column} not empty`;
  if ('in' in one) return `${one.column} one of ${one.in.map(String).join(', ')}`;
  if ('matches' in one) return `${one.column} matches ${one.matches}`;
  const [least, most] = one.range;
  if (least === null) return `${one.column} at most ${most}`;
  if (most === null) return `${one.column} at least ${least}`;
  return `${one.column} from ${least} to ${most}`;
}
