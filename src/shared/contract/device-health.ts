import { z } from 'zod';
import { instantSchema } from './common.ts';
import { deviceMessage } from './device-message.ts';

/** What holds a device's clocks back. The first nine are NVML's, in the order of its bits. */
export const throttleReason = z.enum([
  'idle',
  'applicationClocks',
  'powerCap',
  'hardwareSlowdown',
  'syncBoost',
  'softwareThermal',
  'hardwareThermal',
  'powerBrake',
  'displayClocks',
  /** AMD's groups: current, and any of its temperatures. */
  'current',
  'thermal',
  'other',
]);

/** Why a figure is not known. */
export const unknownReason = z.enum([
  /** The device says that it has no such figure. */
  'unsupported',
  /** The driver or its tool is too old to be asked. */
  'notAsked',
  /** There is one, and it could not be read or understood. */
  'unreadable',
  /** Nothing on this system tells it of such a device. */
  'noSource',
]);

const figure = z.object({
  value: z.number().nullable(),
  /** Null when the value is known. */
  unknown: unknownReason.nullable(),
});

export const healthSeverity = z.enum(['degraded', 'failed']);

/** A line of the kernel's log about a device. */
export const kernelEvent = z.object({
  at: instantSchema,
  driver: z.enum(['nvidia', 'amdgpu', 'i915', 'xe']),
  pciAddress: z.string(),
  kind: z.enum(['xid', 'reset', 'resetFailed', 'hang', 'uncorrectable']),
  /** NVIDIA's number of the error; null for other drivers. */
  xid: z.number().int().nullable(),
  /** `program`: what ran on the device did it, and the device is well. */
  severity: z.enum(['program', 'degraded', 'failed']),
  text: z.string(),
});

export const healthCauseCode = z.enum([
  'vanished',
  'driverSilent',
  'uncorrectedErrors',
  'repairPending',
  'repairFailed',
  'recoveryNeeded',
  'xid',
  'reset',
  'resetFailed',
  'hang',
  'uncorrectable',
  'hot',
  'throttledByHeat',
  'throttledByPower',
]);

export const healthRemedy = z.enum([
  'restartProgram',
  'resetDevice',
  'restartMachine',
  'cool',
  'power',
  'replace',
  'link',
  'software',
  'watch',
]);

export const healthCause = z.object({
  code: healthCauseCode,
  severity: healthSeverity,
  /** How many errors or events; how many degrees are left. */
  count: z.number().nullable(),
  xid: z.number().int().nullable(),
  message: z.string(),
  remedy: healthRemedy,
  /** The remedy in words. */
  hint: z.string(),
});

export const deviceHealth = z.object({
  /** `unknown`: nothing that tells of it could be read. */
  state: z.enum(['ok', 'degraded', 'failed', 'unknown']),
  causes: z.array(healthCause),
  /** Since the driver was loaded. */
  correctedErrors: figure,
  uncorrectedErrors: figure,
  /** In the life of the device. */
  correctedErrorsEver: figure,
  uncorrectedErrorsEver: figure,
  remappedRows: figure,
  retiredPages: figure,
  /** How much warmer it may become before it slows itself down. */
  slowdownMarginCelsius: figure,
  throttling: z.object({
    reasons: z.array(throttleReason).nullable(),
    unknown: unknownReason.nullable(),
  }),
  /** The newest of this start of the machine; null when the kernel's log cannot be read. */
  kernelEvents: z.array(kernelEvent).nullable(),
});

/** Whether and how the kernel's log can be read. */
export const kernelLogAccess = z.object({
  source: z.enum(['kmsg', 'journal']).nullable(),
  /** Why it cannot be; null when it can. */
  reason: z.string().nullable(),
  /** The same, for screens; empty when it can. */
  messages: z.array(deviceMessage),
});

/** A device became worse than it was. */
export const healthChange = z.object({
  at: instantSchema,
  device: z.string(),
  name: z.string(),
  state: z.enum(['degraded', 'failed']),
  /** What is new. */
  causes: z.array(healthCause).min(1),
});
