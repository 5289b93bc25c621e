/** `0-3,8,10-11` (the kernel's list format) to numbers, in order; anything malformed is left out. */
export function parseNumberList(text: string): readonly number[] {
  const numbers = new Set<number>();
  for (const part of text.trim().split(',')) {
    const match = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part);
    if (!match) continue;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    for (let number = first; number <= Math.min(last, first + 65_535); number++) numbers.add(number);
  }
  return [...numbers].sort((left, right) => left - right);
}

/**
 * A tool's number, with or without its unit. `[N/A]`, `N/A`, `[Not Supported]`, `[Function Not Found]`, `ERR!` and every
 * other text are no value: never 0, never an error.
 */
export function parseQuantity(text: string | undefined): number | null {
  const match = /^\s*([+-]?\d+(?:\.\d+)?)\s*(?:%|[A-Za-z]{1,4})?\s*$/.exec(text ?? '');
  if (!match) return null;
  const value = Number(match[1]);
  return Number.isFinite(value) ? value : null;
}

/** True for the spellings of "this device has no such number", as against a number that could not be read now. */
export const isStatedAbsent = (text: string | undefined): boolean =>
  /^\s*\[?(?:N\/A|Not Supported|Not Available)\]?\s*$/i.test(text ?? '');

/** Text of a tool, or null where it says that it has none. */
export function parseLabel(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || /^\[.*\]?$/.test(trimmed) || /^(?:N\/A|ERR!|None)$/i.test(trimmed)) return null;
  return trimmed;
}

/** `00000000:0C:00.0` and `0000:0c:00.0` are one address: lower case, domain of four digits unless it needs more. */
export function normalisePciAddress(text: string | undefined): string | null {
  const match = /^\s*(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])\s*$/i.exec(text ?? '');
  if (!match) return null;
  const domain = Number.parseInt(match[1] ?? '0', 16)
    .toString(16)
    .padStart(4, '0');
  return `${domain}:${match[2]}:${match[3]}.${match[4]}`.toLowerCase();
}

export const MIB = 2 ** 20;

/** MiB to bytes, keeping "no value". */
export const mebibytes = (value: number | null): number | null => (value === null ? null : value * MIB);

/** Per cent to a fraction from 0 to 1, keeping "no value". */
export const fraction = (percent: number | null): number | null =>
  percent === null ? null : Math.min(1, Math.max(0, percent / 100));
