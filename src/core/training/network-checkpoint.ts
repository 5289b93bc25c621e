import { createHash } from 'node:crypto';
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
export function writeCheckpoint({ checkpoint, epochs }: KeptCheckpoint): Uint8Array {
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

type Head = Omit<NetworkCheckpoint, 'state' | 'best'> & {
  readonly format: string;
  readonly epochs: readonly EpochLosses[];
  readonly state: readonly number[];
  readonly best: { readonly epoch: number; readonly loss: number; readonly model: readonly number[] } | null;
};

/** Throws UNSUPPORTED_FORMAT where the bytes are not a whole checkpoint of this version. */
export function readCheckpoint(bytes: Uint8Array): KeptCheckpoint {
  const end = bytes.indexOf('\n'.charCodeAt(0));
  const head = JSON.parse(
    Buffer.from(bytes.subarray(0, Math.max(0, end))).toString() || '{}',
  ) as Partial<Head>;
  if (head.format !== FORMAT || head.state === undefined || head.best === undefined) throw unreadable();
  let at = end + 1;
  const take = (length: number): Float32Array => {
    if (at + 4 * length > bytes.length) throw unreadable();
    // Copied: the numbers may lie at an offset that no Float32Array can start at.
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(at, at + 4 * length));
    at += 4 * length;
    return values;
  };
  const { format: _, epochs = [], state, best, ...rest } = head as Head;
  const checkpoint = {
    ...rest,
    state: state.map(take),
    best: best === null ? null : { ...best, model: best.model.map(take) },
  };
  if (at !== bytes.length) throw unreadable();
  return { checkpoint, epochs };
}

const unreadable = (): FalajError =>
  new FalajError('UNSUPPORTED_FORMAT', 'This is no checkpoint of a network.');

/**
 * What a checkpoint belongs to: a network that learns the same rows with the same options. Only there does going on from it
 * give the same bytes as never having stopped.
 */
export function checkpointKey(request: LearnRequest): string {
  // How often checkpoints are made changes nothing of what is learned, and each device goes on from another's.
  const learner = { ...request.learner, checkpointSeconds: undefined, device: undefined };
  const { seed, rows, train, validation, task, categorical, matrix, labels, weights } = request;
  const hash = createHash('sha256').update(
    JSON.stringify([FORMAT, learner, seed, rows, train, validation, task, categorical]),
  );
  for (const values of [matrix, labels, ...(weights === null ? [] : [weights])])
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}
