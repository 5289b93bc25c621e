import type { OnlineState } from '../../../shared/contract/types.ts';

type Value = string | number | boolean;

/** What a person typed, as values of the keys' types. What does not fit stays text, and the engine says why. */
export function keyFromTexts(
  keys: OnlineState['keys'],
  texts: Readonly<Record<string, string>>,
): Record<string, Value> {
  return Object.fromEntries(keys.map(({ name, type }) => [name, typedValue(texts[name] ?? '', type)]));
}

function typedValue(text: string, type: OnlineState['keys'][number]['type']): Value {
  const trimmed = text.trim();
  if (type === 'int64' && /^-?\d+$/.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isSafeInteger(value) ? value : trimmed;
  }
  if (type === 'bool' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true';
  return type === 'string' ? text : trimmed;
}

/** The same question for a terminal. */
export function lookupCommand(view: string, key: Readonly<Record<string, Value>>, at: string): string {
  const json = JSON.stringify([key]).replaceAll("'", "'\\''");
  return `falaj features online --features '${view}:*' --keys '${json}'${at === '' ? '' : ` --at ${at}`}`;
}
