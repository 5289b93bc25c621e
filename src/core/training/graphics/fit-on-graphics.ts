import { setImmediate as turn } from 'node:timers/promises';
import { FalajError } from '../../../shared/errors.ts';
import { type IsolatedChild, type IsolatedChildOptions, spawnIsolated } from '../../processes/index.ts';
import type { LearnListener } from '../run-worker.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { type GraphicsRequest, graphicsReply } from './messages.ts';

const GIBIBYTE = 2 ** 30;
/** Dawn and a driver take up to a gibibyte or two by themselves. */
const BASE_MEMORY_BYTES = 6 * GIBIBYTE;
/** Copies of the rows that the child may hold at a time. */
const MATRIX_COPIES = 4;
const START_LIMIT_MS = 90_000;

/** What came of learning on a GPU. */
export type GraphicsOutcome =
  /** Through, as a checkpoint from which the model is made. */
  | {
      readonly kind: 'finished';
      readonly checkpoint: Uint8Array;
      readonly device: string;
      readonly reason: string;
    }
  /** Not begun. `forAll`: no other network would be either. */
  | { readonly kind: 'refused'; readonly reason: string; readonly forAll: boolean }
  /** Begun, and ended by the device: out of memory, lost or crashed. The newest checkpoint, if there is one. */
  | {
      readonly kind: 'lost';
      readonly error: FalajError;
      readonly device: string;
      readonly checkpoint: Uint8Array | null;
    };

export interface GraphicsOptions {
  readonly spawn?: (options: IsolatedChildOptions) => IsolatedChild;
  /** For tests alone. */
  readonly acceptsSoftware?: boolean;
}

/** Errors that another device would not have. */
const OF_THE_DEVICE = new Set(['OUT_OF_MEMORY', 'DEVICE_UNAVAILABLE', 'TOO_LARGE', 'INTERNAL']);

/**
 * Learns a network in a process of its own, into which the graphics driver is loaded, after this has been compared with the CPU
 * in numbers and time.
 *
 * @param onChosen told when the device has passed, before it learns.
 * @throws CANCELLED, and what the network itself is refused for.
 */
export async function fitOnGraphics(
  request: LearnRequest,
  listener: LearnListener,
  signal: AbortSignal,
  onChosen: (chosen: { readonly device: string; readonly reason: string }) => void,
  { spawn = spawnIsolated, acceptsSoftware = false }: GraphicsOptions = {},
): Promise<GraphicsOutcome> {
  const { matrix } = request;
  const child = spawn({
    entry: 'training-graphics',
    args: acceptsSoftware ? ['accept-software'] : [],
    memoryLimitBytes: BASE_MEMORY_BYTES + MATRIX_COPIES * matrix.byteLength,
    signal,
  });
  let device = '';
  let reason: string | null = null;
  let checkpoint: Uint8Array | null = null;
  let outcome: GraphicsOutcome | FalajError | null = null;
  // A driver that hangs while it is looked for is an answer too.
  const patience = setTimeout(() => child.kill(), START_LIMIT_MS);
  child.onMessage((message) => {
    const { data: said } = graphicsReply.safeParse(message);
    if (said === undefined || outcome !== null) return;
    switch (said.kind) {
      case 'ready':
        clearTimeout(patience);
        device = said.adapter;
        void send(child, request);
        break;
      case 'refused':
        outcome = said;
        break;
      case 'chosen':
        reason = said.reason;
        onChosen({ device, reason });
        break;
      case 'epoch':
        listener.onIteration(said.epoch, said.of, said.metrics);
        break;
      case 'checkpoint':
        checkpoint = said.bytes;
        listener.onCheckpoint?.(said.bytes);
        break;
      case 'finished':
        outcome = { kind: 'finished', checkpoint: said.bytes, device, reason: reason ?? '' };
        break;
      case 'failed': {
        const error = new FalajError(said.error.code, said.error.message, { hint: said.error.hint });
        outcome = !OF_THE_DEVICE.has(error.code) ? error : ended(error);
        break;
      }
    }
  });
  /** Before the device was chosen its end is a refusal, afterwards a loss. */
  const ended = (error: FalajError): GraphicsOutcome =>
    reason === null
      ? { kind: 'refused', reason: error.message, forAll: device === '' }
      : { kind: 'lost', error, device, checkpoint };
  const exit = await child.exited;
  clearTimeout(patience);
  if (signal.aborted) throw new FalajError('CANCELLED', 'The training was stopped.');
  // Set from within the listener, which the compiler does not see.
  const told = outcome as GraphicsOutcome | FalajError | null;
  if (told instanceof FalajError) throw told;
  if (told !== null) return told;
  const how =
    exit.killedFor === 'memory'
      ? 'it took more memory than it was given'
      : exit.killedFor === 'cancel' && device === ''
        ? 'the driver does not answer'
        : `it ended early (${exit.signal ?? `exit ${exit.code}`})`;
  return ended(
    new FalajError('DEVICE_UNAVAILABLE', `The process that uses the GPU is gone: ${how}.`, {
      hint: 'Learn on the CPU, or start again: a checkpoint is gone on from.',
    }),
  );
}

/** The rows that are learned from and chosen by; those of the test part stay here. One column at a time: nothing waits long. */
async function send(child: IsolatedChild, request: LearnRequest): Promise<void> {
  const { matrix, labels, weights, rows: stride, train, validation, featureNames } = request;
  const rows = train + validation;
  const say = (message: GraphicsRequest): void => child.send(message);
  say({
    kind: 'task',
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
