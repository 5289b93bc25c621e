import type { TFunction } from 'i18next';
import type { HealthCause } from '../../shared/contract/types.ts';
import type { Format } from '../i18n/format.ts';

/** Numbers whose meaning is known; the engine's table has the same. */
const XIDS = [
  8, 13, 31, 32, 43, 45, 46, 48, 61, 62, 63, 64, 68, 69, 74, 79, 92, 94, 95, 109, 110, 119, 120, 121, 136,
  140, 143, 154,
] as const;

/** What an error number of NVIDIA's driver means, in the person's language. */
export function xidText(t: TFunction, xid: number): string {
  const known = XIDS.find((number) => number === xid);
  return t(`devices.health.xids.${known ?? 'other'}`);
}

/** A cause in the person's language. */
export function healthCauseText(t: TFunction, format: Format, { code, count, xid }: HealthCause): string {
  if (code === 'xid') {
    const values = { xid: String(xid), meaning: xidText(t, xid ?? 0) };
    return (count ?? 0) > 1
      ? t('devices.health.causes.xidTimes', { ...values, times: format.integer(count ?? 0) })
      : t('devices.health.causes.xid', values);
  }
  if (code === 'uncorrectedErrors' || code === 'reset' || code === 'hang' || code === 'hot')
    return t(`devices.health.causes.${code}`, { count: count ?? 0 });
  return t(`devices.health.causes.${code}`);
}
