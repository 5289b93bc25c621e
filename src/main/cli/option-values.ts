import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../shared/units.ts';

/** A whole number within bounds; anything else is wrong usage. */
export const wholeNumber =
  (lowest: number, highest: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(
      `Give a whole number from ${lowest}${highest === Number.MAX_SAFE_INTEGER ? '' : ` to ${highest}`}.`,
    );
  };

/** A duration such as 15m, in milliseconds. */
export function durationMs(text: string): number {
  try {
    return Math.ceil(parseDuration(text) / 1000);
  } catch {
    throw new InvalidArgumentError('Give a length of time such as 90s, 15m or 8h.');
  }
}

/** `NAME=VALUE`, cut at the first equals sign. */
export function nameAndValue(text: string): { name: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Give NAME=VALUE.');
  return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
