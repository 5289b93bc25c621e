import type { KernelEvent } from '../../../shared/contract/types.ts';
import { normalisePciAddress } from '../values.ts';
import { recoverySeverity, XID_RECOVERY, xidMeaning } from './xid-errors.ts';

/** A line as it is shown: long ones carry registers that nobody reads. */
const TEXT_LIMIT = 300;

type EventFacts = Omit<KernelEvent, 'at'>;

/** `NVRM: Xid (PCI:0000:3b:00): 79, pid=…, GPU has fallen off the bus.`; drivers before 331 leave out `PCI:`. */
function parseXid(text: string): EventFacts | null {
  const match =
    /NVRM: Xid \((?:PCI:)?((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2})(?:\.[0-7])?\b[^)]*\): (\d{1,5})\b/i.exec(
      text,
    );
  const pciAddress = normalisePciAddress(match ? `${match[1]}.0` : undefined);
  if (!match || pciAddress === null) return null;
  const xid = Number(match[2]);
  const severity = xid === XID_RECOVERY ? recoverySeverity(text) : xidMeaning(xid).severity;
  return { driver: 'nvidia', pciAddress, kind: 'xid', xid, severity, text };
}

/** What the drivers of AMD and Intel write after their name and the device's address; the first that fits is meant. */
const DRIVER_LINES: readonly (readonly [pattern: RegExp, kind: Exclude<KernelEvent['kind'], 'xid'>])[] = [
  [/GPU reset\(\d+\) failed|GPU reset end with ret = -|Failed to reset (?:chip|GT)|wedged/i, 'resetFailed'],
  [/GPU reset\(\d+\) succeeded|Resetting chip for|Engine reset:/i, 'reset'],
  [/ring \S+ timeout|GPU HANG|Timedout job/i, 'hang'],
  [
    /uncorrectable hardware error\(|\b[1-9]\d* (?:new )?uncorrectable hardware errors? detected/i,
    'uncorrectable',
  ],
];

function parseDriverLine(text: string): EventFacts | null {
  const match = /\b(amdgpu|i915|xe) ([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (.+)/i.exec(text);
  const pciAddress = normalisePciAddress(match?.[2]);
  const kind = DRIVER_LINES.find(([pattern]) => pattern.test(match?.[3] ?? ''))?.[1];
  if (!match || pciAddress === null || kind === undefined) return null;
  const driver = match[1]!.toLowerCase() as 'amdgpu' | 'i915' | 'xe';
  return {
    driver,
    pciAddress,
    kind,
    xid: null,
    severity: kind === 'resetFailed' ? 'failed' : 'degraded',
    text,
  };
}

/** What a message of the kernel says of a device's health; null for all others. */
export function parseKernelEvent(text: string, atMs: number): KernelEvent | null {
  const facts = parseXid(text) ?? parseDriverLine(text);
  const at = new Date(atMs);
  if (facts === null || Number.isNaN(at.getTime())) return null;
  return { at: at.toISOString(), ...facts, text: facts.text.trim().slice(0, TEXT_LIMIT) };
}

/** A message of the kernel, and when it was written. */
export interface KernelMessage {
  readonly text: string;
  readonly atMs: number;
}

/**
 * A record of /dev/kmsg: `priority,sequence,microseconds since start,flags;text` (Documentation/ABI/testing/dev-kmsg). Null for
 * the lines of its dictionary, which begin with a space.
 */
export function parseKmsgRecord(
  line: string,
  startedAtMs: number,
): (KernelMessage & { readonly sequence: number }) | null {
  const match = /^\d+,(\d+),(\d+),[^;]*;(.*)$/.exec(line);
  if (!match) return null;
  return { sequence: Number(match[1]), text: match[3]!, atMs: startedAtMs + Number(match[2]) / 1_000 };
}

/** A line of `journalctl --output=short-unix`: `1732760000.123456 host kernel: text`. */
export function parseJournalLine(line: string): KernelMessage | null {
  const match = /^(\d+\.\d+) \S+ kernel: (.*)$/.exec(line);
  return match ? { text: match[2]!, atMs: Number(match[1]) * 1_000 } : null;
}
