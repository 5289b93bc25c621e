import type { DeviceHealth, HealthCause, KernelEvent } from '../../../shared/contract/types.ts';
import { type HealthFigures, NO_FIGURES } from './health-figures.ts';
import { describeCause } from './health-texts.ts';
import { XID_RECOVERY, xidMeaning } from './xid-errors.ts';

/** An event after which the device goes on counts for so long. */
const RECENT_MS = 24 * 3_600_000;
/** A device this near to its limit will be slowed down in a moment. */
const HOT_MARGIN_CELSIUS = 3;
/** Of a device, in its report. */
const EVENTS_SHOWN = 50;

export interface HealthEvidence {
  readonly figures: HealthFigures;
  /** About this device, oldest first; null when the kernel's log cannot be read. */
  readonly events: readonly KernelEvent[] | null;
  /** Seen before, and not now: the driver answers without it, or does not answer. */
  readonly absence: 'vanished' | 'driverSilent' | null;
  /** When it last computed right in a verification. */
  readonly provedAtMs: number | null;
  readonly nowMs: number;
}

type CauseFacts = Omit<HealthCause, 'message' | 'hint'>;

const cause = (
  code: CauseFacts['code'],
  severity: CauseFacts['severity'],
  remedy: CauseFacts['remedy'],
  count: number | null = null,
): CauseFacts => ({ code, severity, remedy, count, xid: null });

/** After what the driver calls a recovery, and after a reset that worked, older events are over. */
function sinceRecovery(events: readonly KernelEvent[]): readonly KernelEvent[] {
  const recovered = events.findLastIndex(
    ({ xid, severity, kind }) => (xid === XID_RECOVERY && severity === 'program') || kind === 'reset',
  );
  return events.slice(Math.max(0, recovered));
}

const REMEDY_OF_KIND = {
  reset: 'watch',
  resetFailed: 'restartMachine',
  hang: 'watch',
  uncorrectable: 'resetDevice',
} as const;

/** One cause for each kind of event. What a person or the driver has found to be over does not keep a device out of use. */
function causesOfEvents({ events, figures, provedAtMs, nowMs }: HealthEvidence): CauseFacts[] {
  const groups = Map.groupBy(
    sinceRecovery(events ?? []).filter(({ severity }) => severity !== 'program'),
    ({ kind, xid }) => `${kind} ${xid}`,
  );
  return [...groups.values()].flatMap((group) => {
    const { kind, xid, at, severity: told } = group.at(-1)!;
    const isOver = (provedAtMs ?? 0) > Date.parse(at) || figures.recovery === 'none';
    const severity = told === 'failed' && !isOver ? 'failed' : 'degraded';
    if (severity === 'degraded' && nowMs - Date.parse(at) > RECENT_MS) return [];
    const remedy = kind === 'xid' ? xidMeaning(xid!).remedy : REMEDY_OF_KIND[kind];
    return [{ ...cause(kind, severity, remedy, group.length), xid }];
  });
}

function causesOfFigures({ figures }: HealthEvidence): CauseFacts[] {
  const { uncorrectedErrors, slowdownMarginCelsius: margin, throttling, repair, recovery } = figures;
  const causes: CauseFacts[] = [];
  if (repair === 'failed') causes.push(cause('repairFailed', 'failed', 'replace'));
  if (recovery === 'reset' || recovery === 'reboot')
    causes.push(cause('recoveryNeeded', 'failed', recovery === 'reset' ? 'resetDevice' : 'restartMachine'));
  if (recovery === 'drain') causes.push(cause('recoveryNeeded', 'degraded', 'resetDevice'));
  if ((uncorrectedErrors.value ?? 0) > 0)
    causes.push(cause('uncorrectedErrors', 'degraded', 'resetDevice', uncorrectedErrors.value));
  if (repair === 'pending') causes.push(cause('repairPending', 'degraded', 'resetDevice'));
  const reasons = new Set(throttling.reasons);
  const isHeat = reasons.has('softwareThermal') || reasons.has('hardwareThermal') || reasons.has('thermal');
  if (isHeat) causes.push(cause('throttledByHeat', 'degraded', 'cool'));
  else if (margin.value !== null && margin.value <= HOT_MARGIN_CELSIUS)
    causes.push(cause('hot', 'degraded', 'cool', Math.max(0, Math.round(margin.value))));
  if (reasons.has('powerBrake')) causes.push(cause('throttledByPower', 'degraded', 'power'));
  return causes;
}

function stateOf(causes: readonly CauseFacts[], { figures, events }: HealthEvidence): DeviceHealth['state'] {
  if (causes.some(({ severity }) => severity === 'failed')) return 'failed';
  if (causes.length > 0) return 'degraded';
  const isAnythingKnown =
    events !== null ||
    figures.throttling.reasons !== null ||
    [figures.uncorrectedErrors, figures.slowdownMarginCelsius].some(({ value }) => value !== null);
  return isAnythingKnown ? 'ok' : 'unknown';
}

/** The health of a device from all that is known, the gravest cause first. Pure. */
export function assessHealth(evidence: HealthEvidence): DeviceHealth {
  const { figures, events, absence } = evidence;
  const causes = [
    ...(absence === null
      ? []
      : [cause(absence, 'failed', absence === 'vanished' ? 'restartMachine' : 'software')]),
    ...causesOfEvents(evidence),
    ...causesOfFigures(evidence),
  ].sort((one, other) => Number(other.severity === 'failed') - Number(one.severity === 'failed'));
  const { repair: _repair, recovery: _recovery, ...shown } = figures;
  return {
    state: stateOf(causes, evidence),
    causes: causes.map(describeCause),
    ...shown,
    kernelEvents: events === null ? null : events.slice(-EVENTS_SHOWN),
  };
}

/** Of what has no health: a driver that computes on the processor. */
export const UNKNOWN_HEALTH = assessHealth({
  figures: NO_FIGURES,
  events: null,
  absence: null,
  provedAtMs: null,
  nowMs: 0,
});
