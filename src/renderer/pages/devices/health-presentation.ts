import type { TFunction } from 'i18next';
import type { DeviceHealth, UnknownReason } from '../../../shared/contract/types.ts';

/** A figure, or why there is none. */
export const figureText = (
  t: TFunction,
  { value, unknown }: { readonly value: number | null; readonly unknown: UnknownReason | null },
  text: (value: number) => string,
): string => (value === null ? t(`devices.health.unknown.${unknown ?? 'noSource'}`) : text(value));

/** What holds the clocks back, in words. */
export function throttlingText(t: TFunction, { reasons, unknown }: DeviceHealth['throttling']): string {
  if (reasons === null) return t(`devices.health.unknown.${unknown ?? 'noSource'}`);
  if (reasons.length === 0) return t('devices.health.throttling.none');
  return reasons.map((reason) => t(`devices.health.throttling.${reason}`)).join(' · ');
}
