import { oc } from '@orpc/contract';
import { z } from 'zod';
import { deviceHealth, kernelLogAccess, throttleReason } from './device-health.ts';
import { deviceMessage } from './device-message.ts';
import { runCheck, runCheckInput } from './run-check.ts';

const unknownable = z.number().nullable();

export const cpuInfo = z.object({
  model: z.string(),
  architecture: z.string(),
  logicalCores: z.number().int(),
  physicalCores: z.number().int(),
  /** What may really be used: min(cgroup quota, cpuset, cores). */
  effectiveCores: z.number().int(),
  cgroupQuotaCores: unknownable,
  numaNodes: z.number().int(),
  instructionSets: z.array(z.string()),
});

export const memoryInfo = z.object({
  totalBytes: z.number(),
  availableBytes: z.number(),
  cgroupLimitBytes: unknownable,
});

/** Every number is null when unknown, never 0 in its place. */
export const accelerator = z.object({
  id: z.string(),
  kind: z.enum(['cuda', 'rocm', 'oneapi', 'metal', 'webgpu']),
  vendor: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  memoryTotalBytes: unknownable,
  memoryFreeBytes: unknownable,
  unifiedMemory: z.boolean(),
  utilization: unknownable,
  temperatureCelsius: unknownable,
  powerWatts: unknownable,
  powerLimitWatts: unknownable,
  driverVersion: z.string().nullable(),
  computeCapability: z.string().nullable(),
  software: z.boolean(),
  health: deviceHealth,
  sources: z.array(z.string()),
  /** True only after a tiny kernel ran on it in a child process and gave the CPU's numbers. */
  verified: z.boolean(),
  /** Why it is not verified, or what was verified with. */
  reason: z.string(),
  /** The same, for screens. */
  messages: z.array(deviceMessage),
});

export const probeReport = z.object({
  probe: z.string(),
  outcome: z.enum(['found', 'none', 'unavailable', 'failed']),
  detail: z.string(),
  /** The same, for screens. */
  messages: z.array(deviceMessage),
});

export const deviceReport = z.object({
  cpus: cpuInfo,
  memory: memoryInfo,
  accelerators: z.array(accelerator),
  /** Which probes ran and what each said, so that "no GPU" can be believed. */
  probes: z.array(probeReport),
  kernelLog: kernelLogAccess,
  backends: z.array(
    z.object({
      name: z.string(),
      available: z.boolean(),
      reason: z.string(),
      /** The same, for screens. */
      messages: z.array(deviceMessage),
    }),
  ),
  warnings: z.array(z.string()),
  /** The same, for screens. */
  warningMessages: z.array(deviceMessage),
});

export const telemetrySample = z.object({
  at: z.number(),
  cpuUtilization: z.number(),
  cpuPerCore: z.array(z.number()),
  memoryUsedBytes: z.number(),
  memoryTotalBytes: z.number(),
  engineRssBytes: z.number(),
  diskFreeBytes: z.number().nullable(),
  accelerators: z.array(
    z.object({
      id: z.string(),
      utilization: unknownable,
      memoryUsedBytes: unknownable,
      powerWatts: unknownable,
      temperatureCelsius: unknownable,
      /** Null when unknown; empty when nothing holds the clocks back. */
      throttleReasons: z.array(throttleReason).nullable(),
    }),
  ),
});

/** A process that holds memory of a device, or computes on it. */
export const deviceProcess = z.object({
  /** The device's id; of a card that is cut into slices, the slice's where it is known. */
  device: z.string(),
  pid: z.number().int(),
  name: z.string().nullable(),
  user: z.string().nullable(),
  memoryBytes: unknownable,
  /** Share of the time in which its busiest engine worked, from 0 to 1, since the sample before. */
  utilization: unknownable,
  /** Started by Falaj. */
  own: z.boolean(),
  /** The job of this workspace to which it belongs. */
  job: z.string().nullable(),
});

export const deviceProcesses = z.object({
  processes: z.array(deviceProcess),
  /** Why some of them may be missing. */
  warnings: z.array(z.string()),
  /** The same, for screens. */
  warningMessages: z.array(deviceMessage),
});

export const devicesContract = {
  /** Fast: what is known now. `verify` is a job, for it runs kernels in children. */
  list: oc.route({ method: 'GET', path: '/devices' }).output(deviceReport),
  /** Looks at once, so that it costs nothing while nobody asks. */
  processes: oc.route({ method: 'GET', path: '/devices/processes' }).output(deviceProcesses),
  /** Where a version of a model or a training can run now, by memory, runtime and health. */
  canRun: oc.route({ method: 'GET', path: '/devices/can-run' }).input(runCheckInput).output(runCheck),
  verify: oc.route({ method: 'POST', path: '/devices/verify' }).output(z.object({ job: z.string() })),
};
