import type { DatePart } from './steps.ts';

const MICROS_PER_HOUR = 3_600_000_000;
const MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

/** A part of an instant in UTC: days since 1970, hour 0 to 23, weekday 0 (Monday) to 6, month 1 to 12, day 1 to 31. */
export function datePart(part: DatePart, micros: number): number {
  const day = Math.floor(micros / MICROS_PER_DAY);
  switch (part) {
    case 'days':
      return micros / MICROS_PER_DAY;
    case 'hour':
      return Math.floor((micros - day * MICROS_PER_DAY) / MICROS_PER_HOUR);
    case 'weekday': {
      // 1970-01-01 was a Thursday
      const shifted = day + 3;
      return shifted - Math.floor(shifted / 7) * 7;
    }
    case 'month':
      return new Date(Math.floor(micros / 1000)).getUTCMonth() + 1;
    case 'dayOfMonth':
      return new Date(Math.floor(micros / 1000)).getUTCDate();
  }
}
