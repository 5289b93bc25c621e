import { setImmediate as turn } from 'node:timers/promises';
import { FalajError } from '../../../shared/errors.ts';
import { type IsolatedChild, type IsolatedChildOptions, spawnIsolated } from '../../processes/index.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { type GraphicsReply, type GraphicsRequest, type GraphicsWork, graphicsReply } from './messages.ts';

const GIBIBYTE = 2 ** 30;
/** Dawn and a driver take up to a gibibyte or two by themselves. */
const BASE_MEMORY_BYTES = 6 * GIBIBYTE;
/** Copies of the rows that the child may hold at a time. */
const MATRIX_COPIES = 4;
const START_LIMIT_MS = 90_000;

/** How the processes are started. */
export interface GraphicsOptions {
  readonly spawn?: (options: IsolatedChildOptions) => IsolatedChild;
  /** For tests alone. */
  readonly acceptsSoftware?: boolean;
}

export interface GraphicsAsked extends GraphicsOptions {
  readonly work: GraphicsWork;
  readonly signal: AbortSignal;
  /** The one adapter that is taken; any unless said. */
  readonly adapter?: string | undefined;
}

/** Not begun. `forAll`: no other network would be either. */
export interface GraphicsRefused {
  readonly kind: 'refused';
  readonly reason: string;
  readonly forAll: boolean;
}

/** Begun, and ended by the device: out of memory, lost or crashed. The newest checkpoint, if there is one. */
export interface GraphicsLost {
  readonly kind: 'lost';
  readonly error: FalajError;
  readonly device: string;
  readonly checkpoint: Uint8Array | null;
}

type Outcome<Result> =
  | { readonly end: Result | GraphicsRefused | GraphicsLost }
  | { readonly error: unknown };

/** Errors that another device would not have. */
const OF_THE_DEVICE = new Set(['OUT_OF_MEMORY', 'DEVICE_UNAVAILABLE', 'TOO_LARGE', 'INTERNAL']);

/**
 * Has work done in a process of its own, into which the graphics driver is loaded.
 *
 * @param resultOf what a reply of the adapter brings; null for one on the way.
 * @throws CANCELLED, and what the network itself is refused for.
 */
export async function inGraphics<Result>(
  request: LearnRequest,
  { work, signal, adapter, spawn = spawnIsolated, acceptsSoftware = false }: GraphicsAsked,
  resultOf: (said: GraphicsReply, adapter: string) => Result | null,
): Promise<Result | GraphicsRefused | GraphicsLost> {
  const { matrix } = request;
  const child = spawn({
    entry: 'training-graphics',
    args: acceptsSoftware ? ['accept-software'] : [],
    memoryLimitBytes: BASE_MEMORY_BYTES + MATRIX_COPIES * matrix.byteLength,
    signal,
  });
  let device = '';
  let isBegun = false;
  let checkpoint: Uint8Array | null = null;
  let outcome: Outcome<Result> | null = null;
  /** Before the device was chosen its end is a refusal, afterwards a loss. */
  const ended = (error: FalajError): GraphicsRefused | GraphicsLost =>
    isBegun
      ? { kind: 'lost', error, device, checkpoint }
      : { kind: 'refused', reason: error.message, forAll: device === '' };
  // A driver that hangs while it is looked for is an answer too.
  const patience = setTimeout(() => child.kill(), START_LIMIT_MS);
  const hear = (said: GraphicsReply): Result | GraphicsRefused | GraphicsLost | null => {
    switch (said.kind) {
      case 'ready':
        clearTimeout(patience);
        if (adapter !== undefined && said.adapter !== adapter) {
          child.kill();
          return {
            kind: 'refused',
            reason: `${said.adapter} answers in place of ${adapter}.`,
            forAll: false,
          };
        }
        device = said.adapter;
        isBegun = work === 'learn';
        void send(child, request, work);
        break;
      case 'refused':
        return said;
      case 'failed': {
        const error = new FalajError(said.error.code, said.error.message, { hint: said.error.hint });
        if (OF_THE_DEVICE.has(error.code)) return ended(error);
        throw error;
      }
      case 'chosen':
        isBegun = true;
        break;
      case 'checkpoint':
        checkpoint = said.bytes;
        break;
    }
    return resultOf(said, device);
  };
  child.onMessage((message) => {
    const { data: said } = graphicsReply.safeParse(message);
    if (said === undefined || outcome !== null) return;
    try {
      const end = hear(said);
      if (end !== null) outcome = { end };
    } catch (error) {
      // Also of whoever listens, who could not keep what was learned so far: thrown from here it would end the engine.
      outcome = { error };
      child.kill();
    }
  });
  const exit = await child.exited;
  clearTimeout(patience);
  if (signal.aborted) throw new FalajError('CANCELLED', 'The training was stopped.');
  // Set from within the listener, which the compiler does not see.
  const told = outcome as Outcome<Result> | null;
  if (told !== null) {
    if ('error' in told) throw told.error;
    return told.end;
  }
  if (exit.killedFor === 'memory')
    return ended(
      new FalajError('OUT_OF_MEMORY', 'The process that uses the GPU took more memory than it was given.', {
        hint: 'Use fewer rows or features, or learn on the CPU.',
      }),
    );
  const how =
    exit.killedFor === 'cancel' && device === ''
      ? 'the driver does not answer'
      : `it ended early (${exit.signal ?? `exit ${exit.code}`})`;
  return ended(
    new FalajError('DEVICE_UNAVAILABLE', `The process that uses the GPU is gone: ${how}.`, {
      hint: 'Learn on the CPU, or start again: a checkpoint is gone on from.',
    }),
  );
}

/** The rows that are learned from and chosen by; those of the test part stay here. One column at a time: nothing waits long. */
async function send(child: IsolatedChild, request: LearnRequest, work: GraphicsWork): Promise<void> {
  const { matrix, labels, weights, rows: stride, train, validation, featureNames } = request;
  const rows = train + validation;
  const say = (message: GraphicsRequest): void => child.send(message);
  say({
    kind: 'task',
    work,
    task: {
      rows,
      train,
      validation,
      test: 0,
      featureNames,
      categorical: request.categorical,
      task: request.task,
      classes: request.classes,
      learner: request.learner,
      checkpoint: request.checkpoint,
      seed: request.seed,
      threads: request.threads,
    },
    labels: Float32Array.from(labels.subarray(0, rows)),
    weights: weights === null ? null : Float32Array.from(weights.subarray(0, rows)),
  });
  for (let feature = 0; feature < featureNames.length; feature++) {
    await turn();
    const from = feature * stride;
    say({ kind: 'column', values: Float32Array.from(matrix.subarray(from, from + rows)) });
  }
}
