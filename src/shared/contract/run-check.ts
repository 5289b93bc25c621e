import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { healthCause } from './device-health.ts';
import { deviceMessage } from './device-message.ts';

/** A version of a model, or a training. */
export const runCheckInput = z
  .object({ reference: z.string().min(1).max(300).optional(), training: nameSchema.optional() })
  .refine(({ reference, training }) => (reference === undefined) !== (training === undefined), {
    message: 'name a model or a training, one of them',
  });

export const runCheckReason = z.enum([
  'fits',
  /** There is too little free memory. */
  'memory',
  /** How much is free is not known. */
  'memoryUnknown',
  /** No provider for accelerators has this kind of model, or this learner. */
  'cpuOnly',
  /** The definition says that no accelerator is used. */
  'cpuChosen',
  /** A script of a person chooses what it uses, of what its definition lets it see. */
  'script',
  /** No runtime was proved on it. */
  'unverified',
  /** A runtime works, and not known on which of several devices. */
  'ambiguous',
  /** The health of the device. */
  'failed',
  /** Another program's model, which is kept and handed out. */
  'notServable',
]);

export const runCheckRow = z.object({
  /** `cpu`, or the id of an accelerator. */
  device: z.string(),
  name: z.string(),
  /** What would compute there; null where nothing can. */
  runtime: z.enum(['cpu', 'cuda', 'webgpu']).nullable(),
  /** Null: it cannot be told. */
  canRun: z.boolean().nullable(),
  reason: runCheckReason,
  /** What the devices' report says of it; empty where the reason says all. */
  detail: z.string(),
  /** The same, for screens. */
  messages: z.array(deviceMessage),
  /** Why the device has failed; null where it has not. */
  cause: healthCause.nullable(),
  /** About; null when nothing is needed there. */
  neededBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
});

/** What a model or a training can run on, here and now. */
export const runCheck = z.object({
  kind: z.enum(['model', 'training']),
  /** `name:version` of a model, the name of a training. */
  subject: z.string(),
  devices: z.array(runCheckRow),
});
