import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { NetworkCheckpoint } from '../../numerics/network/index.ts';
import { FalajError } from '../../shared/errors.ts';
import type { LearnRequest } from './worker-messages.ts';

/** Losses of an epoch that was learned before a checkpoint. */
export interface EpochLosses {
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A checkpoint with the curve up to it, so that a run that goes on from it shows the whole. */
export interface KeptCheckpoint {
  readonly checkpoint: NetworkCheckpoint;
  readonly epochs: readonly EpochLosses[];
}

const FORMAT = 'falaj-network-checkpoint/1';

/** A line of JSON with everything but the numbers, then all of these as little-endian float32. */
export function writeCheckpoint({ checkpoint, epochs }: KeptCheckpoint): Buffer {
  const { state, best, ...rest } = checkpoint;
  const arrays = [...state, ...(best?.model ?? [])];
  const head = {
    format: FORMAT,
    ...rest,
    epochs,
    state: state.map(({ length }) => length),
    best: best === null ? null : { ...best, model: best.model.map(({ length }) => length) },
  };
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(head)}\n`),
    ...arrays.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}

const count = z.number().int().min(0);
const lengths = z.array(count);
/** JSON has no NaN, which is what a network that came apart has for a loss. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const headSchema = z.object({
  format: z.literal(FORMAT),
  epoch: count,
  batch: count,
  step: count,
  epochLoss: loss,
  epochWeight: z.number(),
  finished: z.boolean().optional(),
  epochs: z.array(z.object({ epoch: count, metrics: z.record(z.string(), loss) })),
  state: lengths,
  best: z.object({ epoch: count, loss, model: lengths }).nullable(),
});

/** @throws UNSUPPORTED_FORMAT where the bytes are not a whole checkpoint of this version. */
export function readCheckpoint(bytes: Uint8Array): KeptCheckpoint {
  const end = bytes.indexOf('\n'.charCodeAt(0));
  const {
    format: _format,
    epochs,
    state,
    best,
    finished,
    ...rest
  } = headOf(bytes.subarray(0, Math.max(0, end)));
  let at = end + 1;
  const take = (length: number): Float32Array => {
    if (at + 4 * length > bytes.length) throw unreadable();
    // Copied: the numbers may lie at an offset that no Float32Array can start at.
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(at, at + 4 * length));
    at += 4 * length;
    return values;
  };
  const checkpoint = {
    ...rest,
    ...(finished === undefined ? {} : { finished }),
    state: state.map(take),
    best: best === null ? null : { ...best, model: best.model.map(take) },
  };
  if (at !== bytes.length) throw unreadable();
  return { checkpoint, epochs };
}

function headOf(line: Uint8Array): z.output<typeof headSchema> {
  let head: unknown;
  try {
    head = JSON.parse(Buffer.from(line).toString());
  } catch (error) {
    throw unreadable(error);
  }
  const parsed = headSchema.safeParse(head);
  if (parsed.success) return parsed.data;
  throw unreadable(parsed.error);
}

const unreadable = (cause?: unknown): FalajError =>
  new FalajError('UNSUPPORTED_FORMAT', 'This is no checkpoint of a network.', { cause });

/** Hashed at a time, so that the engine goes on answering: a matrix may take gigabytes. */
const HASHED_BYTES = 16 * 2 ** 20;

/**
 * What a checkpoint belongs to: a network that learns the same rows with the same options. Only there does going on from it
 * give the same bytes as never having stopped.
 */
export async function checkpointKey(request: LearnRequest): Promise<string> {
  // How often checkpoints are made changes nothing of what is learned, and each device goes on from another's.
  const learner = { ...request.learner, checkpointSeconds: undefined, device: undefined };
  const { seed, rows, train, validation, task, categorical, matrix, labels, weights } = request;
  const hash = createHash('sha256').update(
    JSON.stringify([FORMAT, learner, seed, rows, train, validation, task, categorical]),
  );
  for (const { buffer, byteOffset, byteLength } of [matrix, labels, ...(weights === null ? [] : [weights])])
    for (let done = 0; done < byteLength; done += HASHED_BYTES) {
      hash.update(new Uint8Array(buffer, byteOffset + done, Math.min(HASHED_BYTES, byteLength - done)));
      await turn();
    }
  return hash.digest('hex');
}
