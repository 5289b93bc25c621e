import type { DeviceHealth, HealthCause, HealthChange } from '../../../shared/contract/types.ts';

/** Come and go with the work that is done: they are shown, and no news. */
const PASSING: ReadonlySet<HealthCause['code']> = new Set(['hot', 'throttledByHeat', 'throttledByPower']);

const keyOf = ({ code, xid }: HealthCause): string => `${code} ${xid}`;

/** What is new since `before`: a cause that was not there, or one that counts more or weighs heavier now. */
function newCauses(before: DeviceHealth, now: DeviceHealth): HealthCause[] {
  const known = new Map(before.causes.map((cause) => [keyOf(cause), cause]));
  return now.causes.filter((cause) => {
    if (PASSING.has(cause.code)) return false;
    const earlier = known.get(keyOf(cause));
    if (earlier === undefined) return true;
    return (
      (cause.count ?? 0) > (earlier.count ?? 0) ||
      (cause.severity === 'failed' && earlier.severity === 'degraded')
    );
  });
}

/** The news of a device that was looked at before; null when it is not worse. */
export function worseHealth(
  device: { readonly id: string; readonly name: string },
  before: DeviceHealth,
  now: DeviceHealth,
  atMs: number,
): HealthChange | null {
  const causes = newCauses(before, now);
  if (causes.length === 0 || (now.state !== 'degraded' && now.state !== 'failed')) return null;
  return { at: new Date(atMs).toISOString(), device: device.id, name: device.name, state: now.state, causes };
}
