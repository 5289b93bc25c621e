import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { FalajError } from '../../../../shared/errors.ts';
import type { MetricSample } from '../../metrics/metric-series.ts';
import { filesUnder } from './files-under.ts';

/** The layout of MLflow's file store: `EXPERIMENT/meta.yaml`, `EXPERIMENT/RUN/{meta.yaml,params,metrics,tags,artifacts}`. */
export const experimentMeta = z.object({ experiment_id: z.coerce.string(), name: z.string() });

const STATUSES = ['running', 'scheduled', 'finished', 'failed', 'killed'] as const;

export const runMeta = z.object({
  run_id: z.string().regex(/^[\w-]{1,64}$/, 'is not the id of a run'),
  run_name: z.string().nullish(),
  user_id: z.string().nullish(),
  /** Kept as a number from 1, or as its name. */
  status: z
    .union([z.number().int().min(1).max(STATUSES.length), z.string()])
    .transform((status) => (typeof status === 'number' ? STATUSES[status - 1]! : status.toLowerCase()))
    .pipe(z.enum(STATUSES)),
  start_time: z.number().int(),
  end_time: z.number().int().nullish(),
  lifecycle_stage: z.enum(['active', 'deleted']).default('active'),
});

export const META_FILE = 'meta.yaml';

/**
 * Reads a `meta.yaml`.
 *
 * @throws MALFORMED_FILE naming the file and the field.
 */
export async function readMeta<Schema extends z.ZodType>(
  folder: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const file = path.join(folder, META_FILE);
  let content: unknown;
  try {
    content = parseYaml(await readFile(file, 'utf8'));
  } catch (cause) {
    throw malformed(file, 'it cannot be read as YAML', cause);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw malformed(file, `${issue.path.join('.') || 'it'} ${issue.message}`);
}

/** Folders right in a folder, without links. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Params or tags: one file each, named by its key. */
export async function readPairs(folder: string): Promise<Record<string, string>> {
  const pairs: [string, string][] = [];
  for (const key of await filesUnder(folder))
    pairs.push([key, await readFile(path.join(folder, key), 'utf8')]);
  return Object.fromEntries(pairs);
}

/**
 * The points of one metric: lines of time, value and step, in their order.
 *
 * @throws MALFORMED_FILE naming the line.
 */
export async function* readPoints(folder: string, metric: string): AsyncGenerator<MetricSample> {
  const file = path.join(folder, metric);
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const [at, value, step = '0'] = line.trim().split(/\s+/);
    const point = { metric, at: Number(at), value: numberOf(value ?? ''), step: Number(step) };
    if (!Number.isInteger(point.at) || !Number.isInteger(point.step) || point.value === null)
      throw malformed(file, `line ${number} is not a time, a value and a step`);
    yield { ...point, value: point.value };
  }
}

/** As Python writes floats; null for what is none. */
function numberOf(text: string): number | null {
  const special = /^([-+]?)(nan|inf|infinity)$/i.exec(text);
  if (special !== null) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

const malformed = (file: string, what: string, cause?: unknown): FalajError =>
  new FalajError('MALFORMED_FILE', `${file}: ${what}.`, {
    hint: 'Give the mlruns folder of MLflow’s file store.',
    details: { file },
    cause,
  });
