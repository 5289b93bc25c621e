import { FalajError } from '../../shared/errors.ts';
import { fitOnGraphics, type GraphicsOptions } from './graphics/fit-on-graphics.ts';
import { type DeviceRecord, refusedAtOnce } from './learning-device.ts';
import { type LearnListener, learnInWorker } from './run-worker.ts';
import type { LearnOutcome, LearnRequest } from './worker-messages.ts';

/** A driver may be installed while the engine runs. */
const REFUSAL_LASTS_MS = 10 * 60_000;

/** Learns on the device that a training asks for, or on the one that is proved to be faster, and says which and why. */
export class Fitter {
  readonly #clock: () => number;
  readonly #graphics: GraphicsOptions;
  /** Why no network of this machine can use a GPU, as it was found out last. */
  #refusal: { readonly reason: string; readonly atMs: number } | null = null;

  constructor(clock: () => number, graphics: GraphicsOptions = {}) {
    this.#clock = clock;
    this.#graphics = graphics;
  }

  /**
   * @param onDevice told of the device before its work is used, and again where another takes over.
   * @throws DEVICE_UNAVAILABLE where a GPU is asked for and nothing else may step in; what learning itself throws.
   */
  async fit(
    request: LearnRequest,
    listener: LearnListener,
    signal: AbortSignal,
    onDevice: (record: DeviceRecord) => void,
  ): Promise<LearnOutcome> {
    const onCpu = (reason: string, checkpoint = request.checkpoint): Promise<LearnOutcome> => {
      onDevice({ device: 'cpu', reason });
      return learnInWorker({ ...request, checkpoint }, listener, signal);
    };
    const { learner } = request;
    if (learner.kind !== 'mlp') return learnInWorker(request, listener, signal);
    const refused = refusedAtOnce(request) ?? this.#known(learner.device === 'webgpu');
    if (refused !== null) return onCpu(refused);

    const outcome = await fitOnGraphics(
      request,
      listener,
      signal,
      ({ device, reason }) => onDevice({ device: `webgpu: ${device}`, reason }),
      this.#graphics,
    );
    switch (outcome.kind) {
      case 'refused':
        if (outcome.forAll) this.#refusal = { reason: outcome.reason, atMs: this.#clock() };
        if (learner.device === 'webgpu') throw unavailable(outcome.reason);
        return onCpu(outcome.reason);
      case 'lost':
        if (learner.device === 'webgpu') {
          onDevice({ device: `webgpu: ${outcome.device}`, reason: outcome.error.message });
          throw outcome.error;
        }
        return onCpu(
          `${outcome.device} was used first. ${outcome.error.message} ${whence(outcome.checkpoint)}`,
          outcome.checkpoint ?? request.checkpoint,
        );
      case 'finished':
        // Nothing is left to learn: the thread makes the model, measures and exports it.
        return learnInWorker({ ...request, checkpoint: outcome.checkpoint }, listener, signal);
    }
  }

  /** Who asks for a GPU by name has it looked for again. */
  #known(isAskedFor: boolean): string | null {
    if (isAskedFor || this.#refusal === null) return null;
    return this.#clock() - this.#refusal.atMs < REFUSAL_LASTS_MS ? this.#refusal.reason : null;
  }
}

const whence = (checkpoint: Uint8Array | null): string =>
  checkpoint === null ? 'The CPU began where it had.' : 'The CPU went on from the checkpoint that it left.';

const unavailable = (reason: string): FalajError =>
  new FalajError('DEVICE_UNAVAILABLE', `The training asks for a GPU by WebGPU. ${reason}`, {
    hint: 'Set device: auto in its learner to let the CPU step in; falaj devices --verify shows what was tried.',
  });
