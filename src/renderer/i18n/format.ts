import type { Digits, Language } from './preferences.ts';

/** Numbers, sizes, shares and times for people, in their language and digits. Units stay as engineers write them. */
export interface Format {
  readonly locale: string;
  /** Whole numbers with grouping. */
  integer(value: number): string;
  /** `1.2M`, `35k`: where room is short. */
  compact(value: number): string;
  /** At most `digits` significant digits, exponent for the very large and small. */
  number(value: number, digits?: number): string;
  /** Exactly `digits` decimals: for columns that must align. */
  fixed(value: number, digits: number): string;
  /** 0.412 → `41 %`. */
  percent(share: number, decimals?: number): string;
  bytes(value: number): string;
  /** `850 ms`, `12.4 s`, `3 min 20 s`. */
  duration(milliseconds: number): string;
  /** `3 min ago`. */
  relative(instant: string, nowMs: number): string;
  dateTime(instant: string): string;
  time(instant: string): string;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const RELATIVE_STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export function createFormat(language: Language, digits: Digits): Format {
  const locale = language === 'ar' ? `ar-AE-u-nu-${digits}` : 'en-GB-u-nu-latn';
  // In Arabic text a number and its unit are kept together, left to right, by an isolate.
  const together = (text: string): string => (language === 'ar' ? `\u2066${text}\u2069` : text);
  const make = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const integers = make({ maximumFractionDigits: 0 });
  const compacts = new Intl.NumberFormat(language === 'ar' ? `en-u-nu-${digits}` : 'en', {
    notation: 'compact',
    maximumSignificantDigits: 3,
  });
  const significant = new Map<number, Intl.NumberFormat>();
  const fixedFormats = new Map<number, Intl.NumberFormat>();
  const kept = (cache: Map<number, Intl.NumberFormat>, key: number, options: Intl.NumberFormatOptions) => {
    const known = cache.get(key) ?? make(options);
    cache.set(key, known);
    return known;
  };
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const dateTimes = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  const number = (value: number, precision = 4): string => {
    if (!Number.isFinite(value)) return '–';
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(Math.max(0, precision - 2));
    if (size >= 10 ** precision) return integers.format(value);
    return kept(significant, precision, { maximumSignificantDigits: precision }).format(value);
  };
  const fixed = (value: number, decimals: number): string =>
    Number.isFinite(value)
      ? kept(fixedFormats, decimals, {
          minimumFractionDigits: decimals,
          maximumFractionDigits: decimals,
        }).format(value)
      : '–';
  return {
    locale,
    integer: (value) => (Number.isFinite(value) ? integers.format(value) : '–'),
    compact: (value) => {
      if (!Number.isFinite(value)) return '–';
      return Math.abs(value) < 10_000 && Number.isInteger(value)
        ? integers.format(value)
        : compacts.format(value);
    },
    number,
    fixed,
    percent: (share, decimals = 0) =>
      Number.isFinite(share) ? together(`${fixed(share * 100, decimals)} %`) : '–',
    bytes: (value) => {
      let size = value;
      let unit = 0;
      while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
        size /= 1024;
        unit++;
      }
      return together(`${fixed(size, unit === 0 || size >= 100 ? 0 : 1)} ${BYTE_UNITS[unit]}`);
    },
    duration: (milliseconds) => together(durationText(milliseconds, integers, fixed)),
    relative: (instant, nowMs) => {
      const difference = Date.parse(instant) - nowMs;
      for (const [unit, size] of RELATIVE_STEPS) {
        if (Math.abs(difference) >= size) return relatives.format(Math.round(difference / size), unit);
      }
      return relatives.format(0, 'second');
    },
    dateTime: (instant) => dateTimes.format(new Date(instant)),
    time: (instant) => times.format(new Date(instant)),
  };
}

function durationText(
  milliseconds: number,
  integers: Intl.NumberFormat,
  fixed: (value: number, decimals: number) => string,
): string {
  if (milliseconds < 1000) return `${integers.format(Math.max(0, milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${fixed(seconds, seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${integers.format(minutes)} min ${integers.format(Math.floor(seconds % 60))} s`;
  return `${integers.format(Math.floor(minutes / 60))} h ${integers.format(minutes % 60)} min`;
}
