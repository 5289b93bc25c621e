import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instantSchema } from './common.ts';

export const engineInfo = z.object({ pid: z.number().int(), url: z.string().nullable() });

/** `missing`: the folder holds no workspace yet. */
export const workspaceState = z.enum(['missing', 'locked', 'open']);

export const workspaceStatus = z.object({
  workspace: z.string(),
  state: workspaceState,
  locked: z.boolean(),
  /** Display name; null until unlocked. */
  name: z.string().nullable(),
  engine: engineInfo.nullable(),
  version: z.string(),
});

export const doctorCheck = z.object({
  id: z.string(),
  status: z.enum(['good', 'attention', 'bad', 'unknown']),
  summary: z.string(),
  hint: z.string(),
});

export const keySlot = z.object({
  id: z.string(),
  kind: z.enum(['passphrase', 'recovery', 'keychain']),
  createdAt: instantSchema,
});

export const storageUse = z.object({
  storeBytes: z.number(),
  blobBytes: z.number(),
  blobs: z.number().int(),
  diskFreeBytes: z.number().nullable(),
  cipher: z.string(),
});

/** What a person opens a workspace with. */
const unlockSecret = z
  .object({ passphrase: z.string().min(1).max(1024) })
  .or(z.object({ recoveryKey: z.string().max(200) }));

export const workspaceContract = {
  status: oc.route({ method: 'GET', path: '/workspace' }).output(workspaceStatus),
  /** What whoever asks may do. Programs of people are started on the machine itself, not by who came by a link or a token. */
  session: oc.route({ method: 'GET', path: '/session' }).output(z.object({ mayStartPrograms: z.boolean() })),
  /** Makes an encrypted workspace in the engine's folder and opens it. The recovery key is returned once and never stored. */
  create: oc
    .route({ method: 'POST', path: '/workspace' })
    .input(
      z.object({
        name: z
          .string()
          .trim()
          .min(1, 'The name is empty.')
          .max(200, 'The name has more than 200 characters.'),
        passphrase: z.string().min(1).max(1024),
        jurisdiction: z.array(z.string()).default([]),
      }),
    )
    .output(z.object({ recoveryKey: z.string() })),
  unlock: oc.route({ method: 'POST', path: '/workspace/unlock' }).input(unlockSecret).output(workspaceStatus),
  lock: oc.route({ method: 'POST', path: '/workspace/lock' }).output(workspaceStatus),
  /** Asks for the present secret again: an unattended screen may not change the locks. */
  changePassphrase: oc
    .route({ method: 'POST', path: '/workspace/passphrase' })
    .input(z.object({ current: unlockSecret, next: z.string().min(1).max(1024) }))
    .output(z.array(keySlot)),
  /** Shown once and kept nowhere; the recovery key that there was opens nothing any more. */
  replaceRecoveryKey: oc
    .route({ method: 'POST', path: '/workspace/recovery-key' })
    .input(z.object({ current: unlockSecret }))
    .output(z.object({ recoveryKey: z.string() })),
  slots: oc.route({ method: 'GET', path: '/workspace/slots' }).output(z.array(keySlot)),
  storage: oc.route({ method: 'GET', path: '/workspace/storage' }).output(storageUse),
  doctor: oc.route({ method: 'GET', path: '/doctor' }).output(z.array(doctorCheck)),
};
