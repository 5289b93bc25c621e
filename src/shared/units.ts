import { FalajError } from './errors.ts';

/** One number, one unit: inside, time is microseconds, size is bytes. These read and write what people type. */
const DURATION_UNITS_MICROS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** `250us`, `500ms`, `90s`, `15m`, `24h`, `7d` to microseconds. Refuses zero, negatives and anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/.exec(text.trim());
  const micros = match ? Number(match[1]) * DURATION_UNITS_MICROS[match[2]!]! : Number.NaN;
  if (!Number.isInteger(micros) || micros <= 0) {
    throw new FalajError('BAD_INPUT', `"${text}" is not a duration.`, {
      hint: 'Write a whole positive length such as 500ms, 90s, 15m, 24h or 7d.',
    });
  }
  return micros;
}

/** Microseconds to the shortest exact form that `parseDuration` reads back. */
export function formatDuration(micros: number): string {
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = DURATION_UNITS_MICROS[unit]!;
    if (micros % size === 0) return `${micros / size}${unit}`;
  }
  return `${micros}us`;
}

const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const SIZE = /^(\d+(?:\.\d+)?)\s*(B|[KMGT]i?B)$/;

export const isSize = (text: string): boolean => SIZE.test(text.trim());

/** `8GiB`, `500MB`, `1024B` to bytes. */
export function parseSize(text: string): number {
  const match = SIZE.exec(text.trim());
  if (!match) {
    throw new FalajError('BAD_INPUT', `"${text}" is not a size.`, {
      hint: 'Write a size such as 8GiB or 500MB.',
    });
  }
  return Math.round(Number(match[1]) * SIZE_UNITS_BYTES[match[2]!]!);
}

/** Bytes for people: binary units, at most one decimal. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** ISO-8601 to microseconds since the epoch; a time without zone is UTC. */
export function parseInstant(text: string): number {
  const zoned =
    /(?:[zZ]|[+-]\d{2}:?\d{2})$/.test(text) || /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : `${text}Z`;
  const fraction = /\.(\d{3})(\d{1,3})/.exec(zoned);
  const millis = Date.parse(zoned.replace(' ', 'T'));
  if (Number.isNaN(millis)) {
    throw new FalajError('BAD_INPUT', `"${text}" is not a time.`, {
      hint: 'Write ISO-8601, such as 2026-01-31T12:00:00Z.',
    });
  }
  return millis * 1000 + (fraction ? Number(fraction[2]!.padEnd(3, '0')) : 0);
}
