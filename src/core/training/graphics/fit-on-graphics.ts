import type { LearnListener } from '../run-worker.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { type GraphicsLost, type GraphicsOptions, type GraphicsRefused, inGraphics } from './in-graphics.ts';

/** A device that has passed, and what it was measured to be. */
export interface GraphicsChosen {
  readonly kind: 'chosen';
  readonly device: string;
  readonly reason: string;
}

/** Through, as a checkpoint from which the model is made. */
export interface GraphicsFinished {
  readonly kind: 'finished';
  readonly checkpoint: Uint8Array;
}

interface FitOptions extends GraphicsOptions {
  readonly signal: AbortSignal;
  /** The adapter that was chosen before: it is compared no more, and no other is taken. */
  readonly adapter?: string | undefined;
}

/** Compares the GPU with the CPU by some steps of a network, in numbers and time, and learns nothing. */
export async function chooseGraphics(
  request: LearnRequest,
  options: FitOptions,
): Promise<GraphicsChosen | GraphicsRefused | GraphicsLost> {
  return inGraphics<GraphicsChosen>(request, { ...options, work: 'choose' }, (said, device) =>
    said.kind === 'chosen' ? { kind: 'chosen', device, reason: said.reason } : null,
  );
}

/** Told of a network that learns on a GPU. */
export interface GraphicsListener extends Pick<LearnListener, 'onIteration' | 'onCheckpoint'> {
  /** When the GPU has been compared with the CPU, before it learns. */
  onChosen?(chosen: GraphicsChosen): void;
}

/** Learns a network on the GPU. */
export async function fitOnGraphics(
  request: LearnRequest,
  { onIteration, onCheckpoint, onChosen }: GraphicsListener,
  options: FitOptions,
): Promise<GraphicsFinished | GraphicsRefused | GraphicsLost> {
  const work = options.adapter === undefined ? 'chooseAndLearn' : 'learn';
  return inGraphics<GraphicsFinished>(request, { ...options, work }, (said, device) => {
    switch (said.kind) {
      case 'chosen':
        onChosen?.({ kind: 'chosen', device, reason: said.reason });
        return null;
      case 'epoch':
        onIteration(said.epoch, said.of, said.metrics);
        return null;
      case 'checkpoint':
        onCheckpoint?.(said.bytes);
        return null;
      default:
        return said.kind === 'finished' ? { kind: 'finished', checkpoint: said.bytes } : null;
    }
  });
}
