import { FalajError } from '../../shared/errors.ts';
import { chooseGraphics, fitOnGraphics } from './graphics/fit-on-graphics.ts';
import type { GraphicsLost, GraphicsOptions, GraphicsRefused } from './graphics/in-graphics.ts';
import { measureOnGraphics } from './graphics/measure-on-graphics.ts';
import { adapterOf, type DeviceRecord, onCpu, onGraphics, refusedAtOnce } from './learning-device.ts';
import { type LearnListener, learnInWorker, measureInWorker, type TrialListener } from './run-worker.ts';
import { Turns } from './turns.ts';
import type { LearnOutcome, LearnRequest, TrialRequest } from './worker-messages.ts';

/** A driver may be installed while the engine runs. */
const REFUSAL_LASTS_MS = 10 * 60_000;

/** Learns on the device that a training asks for, or on the one that is proved to be faster, and says which and why. */
export class Fitter {
  readonly #clock: () => number;
  readonly #graphics: GraphicsOptions;
  /** Searches that run at the same time share the GPU trial by trial. */
  readonly #trials = new Turns();
  /** Why no network of this machine can use a GPU, as it was found out last. */
  #refusal: { readonly reason: string; readonly atMs: number } | null = null;

  constructor(clock: () => number, graphics: GraphicsOptions = {}) {
    this.#clock = clock;
    this.#graphics = graphics;
  }

  /**
   * @param onDevice told of the device before its work is used, and again where another takes over.
   * @param chosen the device that a search has chosen before, where it has.
   * @throws DEVICE_UNAVAILABLE where a GPU is asked for and nothing else may step in; what learning itself throws.
   */
  async fit(
    request: LearnRequest,
    listener: LearnListener,
    signal: AbortSignal,
    onDevice: (record: DeviceRecord) => void,
    chosen: DeviceRecord | null = null,
  ): Promise<LearnOutcome> {
    const learnOnCpu = (reason: string, checkpoint = request.checkpoint): Promise<LearnOutcome> => {
      onDevice(onCpu(reason));
      return learnInWorker({ ...request, checkpoint }, listener, signal);
    };
    const { learner } = request;
    if (learner.kind !== 'mlp') return learnInWorker(request, listener, signal);
    const adapter = adapterOf(chosen);
    const refused = chosen === null ? this.#refused(request) : adapter === undefined ? chosen.reason : null;
    if (refused !== null) return learnOnCpu(refused);

    if (chosen !== null) onDevice(chosen);
    const outcome = await fitOnGraphics(
      request,
      { ...listener, onChosen: ({ device, reason }) => onDevice(onGraphics(device, reason)) },
      { ...this.#graphics, signal, adapter },
    );
    switch (outcome.kind) {
      case 'refused':
        return learnOnCpu(this.#insteadOf(outcome, request));
      case 'lost':
        if (learner.device === 'webgpu') {
          onDevice(onGraphics(outcome.device, outcome.error.message));
          throw outcome.error;
        }
        return learnOnCpu(
          `${outcome.device} was used first. ${outcome.error.message} ${whence(outcome.checkpoint)}`,
          outcome.checkpoint ?? request.checkpoint,
        );
      case 'finished':
        // Nothing is left to learn: the thread makes the model, measures and exports it.
        return learnInWorker({ ...request, checkpoint: outcome.checkpoint }, listener, signal);
    }
  }

  /**
   * The device for all networks of a search, by the one that its definition describes. Null for learners that have no choice.
   *
   * @throws DEVICE_UNAVAILABLE where a GPU is asked for and there is none.
   */
  async choose(request: LearnRequest, signal: AbortSignal): Promise<DeviceRecord | null> {
    if (request.learner.kind !== 'mlp') return null;
    const refused = this.#refused(request);
    if (refused !== null) return onCpu(refused);
    const outcome = await this.#trials.take(signal, () =>
      chooseGraphics(request, { ...this.#graphics, signal }),
    );
    return outcome.kind === 'chosen'
      ? onGraphics(outcome.device, outcome.reason)
      : onCpu(this.#insteadOf(outcome, request));
  }

  /**
   * Learns and measures the sets of a trial on its search's device and on no other.
   *
   * @throws DEVICE_UNAVAILABLE where that is lost, OUT_OF_MEMORY where it has no room for this network; what learning throws.
   */
  async measure(
    device: DeviceRecord | null,
    request: TrialRequest,
    listener: TrialListener,
    signal: AbortSignal,
  ): Promise<void> {
    const adapter = adapterOf(device);
    if (adapter === undefined) return measureInWorker(request, listener, signal);
    const { costs } = request;
    for (const set of request.trial)
      await this.#trials.take(signal, () =>
        measureOnGraphics({ set, costs }, listener, { ...this.#graphics, signal, adapter }),
      );
  }

  /** Why the CPU learns in place of a GPU that does not. */
  #insteadOf(outcome: GraphicsRefused | GraphicsLost, { learner }: LearnRequest): string {
    const reason = outcome.kind === 'refused' ? outcome.reason : outcome.error.message;
    if (outcome.kind === 'refused' && outcome.forAll) this.#refusal = { reason, atMs: this.#clock() };
    if (learner.kind === 'mlp' && learner.device === 'webgpu') throw unavailable(reason);
    return reason;
  }

  /** Why no GPU is asked. Who asks for one by name has it looked for again. */
  #refused(request: LearnRequest): string | null {
    const refused = refusedAtOnce(request);
    const { learner } = request;
    if (refused !== null || this.#refusal === null) return refused;
    if (learner.kind === 'mlp' && learner.device === 'webgpu') return null;
    return this.#clock() - this.#refusal.atMs < REFUSAL_LASTS_MS ? this.#refusal.reason : null;
  }
}

const whence = (checkpoint: Uint8Array | null): string =>
  checkpoint === null ? 'The CPU began where it had.' : 'The CPU went on from the checkpoint that it left.';

const unavailable = (reason: string): FalajError =>
  new FalajError('DEVICE_UNAVAILABLE', `The training asks for a GPU by WebGPU. ${reason}`, {
    hint: 'Set device: auto in its learner to let the CPU step in; falaj devices --verify shows what was tried.',
  });
