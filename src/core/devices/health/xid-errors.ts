import type { HealthRemedy, KernelEvent } from '../../../shared/contract/types.ts';

/** What an error number of NVIDIA's driver means. */
export interface XidMeaning {
  readonly meaning: string;
  readonly severity: KernelEvent['severity'];
  readonly remedy: HealthRemedy;
}

const program = (meaning: string): XidMeaning => ({ meaning, severity: 'program', remedy: 'restartProgram' });
const failed = (meaning: string, remedy: HealthRemedy = 'resetDevice'): XidMeaning => ({
  meaning,
  severity: 'failed',
  remedy,
});
const degraded = (meaning: string, remedy: HealthRemedy): XidMeaning => ({
  meaning,
  severity: 'degraded',
  remedy,
});

/**
 * By NVIDIA's catalogue of Xid errors (docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html): `program` where its
 * immediate action is to restart the application, `failed` where it is to reset the GPU or restart the machine, `degraded`
 * where the GPU goes on and is to be watched. The programs' own errors are those that NVIDIA's device plug-in for Kubernetes
 * leaves out of health, too.
 */
const XID_MEANINGS: Readonly<Record<number, XidMeaning>> = {
  8: program('The work on the GPU took too long.'),
  13: program('A program made an error in the graphics engine.'),
  31: program('A program reached for memory that it does not have.'),
  32: program('A program sent commands that cannot be read.'),
  43: program('The GPU stopped the work of a program after an error of the program.'),
  45: program('The work of a program was cleared away after an earlier error.'),
  46: failed('The GPU stopped processing.'),
  48: failed('An error of two bits in memory that cannot be corrected.'),
  61: failed('The internal controller stopped at a breakpoint.'),
  62: failed('The internal controller halted.'),
  63: degraded('A cell of memory was replaced by a spare one.', 'resetDevice'),
  64: failed('A broken cell of memory could not be replaced.', 'replace'),
  68: program('The video decoder met an error.'),
  69: program('A program made an error in a class of the graphics engine.'),
  74: degraded('An error on the NVLink connection.', 'link'),
  79: failed('The GPU has fallen off the bus.', 'restartMachine'),
  92: degraded('Many errors of one bit were corrected.', 'watch'),
  94: degraded('A memory error that stayed within one program.', 'restartProgram'),
  95: failed('A memory error that may have reached other programs.'),
  109: program('A switch between programs took too long.'),
  110: failed('A security fault.', 'restartMachine'),
  119: failed("The GPU's system processor did not answer."),
  120: failed("The GPU's system processor met an error."),
  121: degraded('An error on the link between processor and GPU.', 'link'),
  136: failed('The link training of NVLink failed.', 'link'),
  140: failed('An error in memory that was not recovered.'),
  143: failed('The GPU could not be started.', 'restartMachine'),
  154: degraded('The driver asks that the GPU is freed or reset.', 'resetDevice'),
};

/** Of numbers that are not in the table nothing is known: they are shown, and the device is watched. */
export const xidMeaning = (xid: number): XidMeaning =>
  XID_MEANINGS[xid] ?? degraded('An error that Falaj does not know.', 'watch');

/** Its severity is in its text: {@link recoverySeverity}. */
export const XID_RECOVERY = 154;

/**
 * Xid 154 tells what the driver wants done since another error: `GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset
 * Required)`. The meaning is in its last brackets.
 */
export function recoverySeverity(text: string): KernelEvent['severity'] {
  const wanted = /\bto\s+0x[0-9a-f]+\s*\(([^)]*)\)/i.exec(text)?.[1] ?? '';
  if (/none/i.test(wanted)) return 'program';
  return /reset|reboot/i.test(wanted) ? 'failed' : 'degraded';
}
