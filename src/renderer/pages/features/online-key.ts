import type { OnlineState } from '../../../shared/contract/types.ts';
import { shellWord } from '../../components/shell-word.ts';

type Value = string | number | boolean;

/** One entity: a value per key. */
export type KeyRow = Readonly<Record<string, Value | null>>;

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
  return `falaj features online --features ${shellWord(`${view}:*`)} --keys ${shellWord(JSON.stringify([key]))}${atOption(at)}`;
}

/** What a view said of these entities, or of those with the newest rows, at an instant or at the newest. */
export function asOfCommand(view: string, at: string | null, keys: readonly KeyRow[] | null): string {
  const named = keys === null ? '' : ` --keys ${shellWord(JSON.stringify(keys))}`;
  return `falaj features as-of ${shellWord(view)}${atOption(at ?? '')}${named}`;
}

const atOption = (at: string): string => (at === '' ? '' : ` --at ${shellWord(at)}`);
