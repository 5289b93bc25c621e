const DAY_MICROS = 86_400_000_000;
const PATTERN =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Microseconds of a time as databases write it; a date is its first moment, a time without zone is UTC. Null for other text. */
export function parseTime(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const millis = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const date = new Date(millis);
  // The 31st of February would roll over into March.
  if (date.getUTCMonth() !== month! - 1 || hour > 23 || minute > 59 || second > 59) return null;
  const micros = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  return millis * 1_000 + micros - offsetMicros(match[8]);
}

export const isWholeDay = (micros: number): boolean => micros % DAY_MICROS === 0;

function offsetMicros(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000_000;
}
