import { FalajError } from '../../../shared/errors.ts';

/** A piece of a filter. `name` is an identifier or a quoted key, `text` a string between single quotes. */
export interface FilterToken {
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'operator' | 'punctuation' | 'end';
  readonly text: string;
  /** Position in the filter, from 0. */
  readonly at: number;
}

const PATTERNS: readonly (readonly [FilterToken['kind'], RegExp])[] = [
  ['text', /'((?:[^']|'')*)'/y],
  ['quoted', /`([^`]+)`|"([^"]*)"/y],
  ['number', /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])/y],
  ['name', /[\p{L}\p{N}_][\p{L}\p{N}_/-]*/uy],
  ['operator', /!=|<>|>=|<=|=|>|</y],
  ['punctuation', /[(),.]/y],
];

export const badFilter = (message: string): FalajError =>
  new FalajError('BAD_INPUT', `Invalid filter: ${message}`, {
    hint: "Write conditions such as metrics.auc > 0.9 AND params.lr = '0.1', joined by AND.",
    details: { field: 'filter' },
  });

/**
 * Cuts a filter or an order into tokens; the last is always `end`.
 *
 * @throws BAD_INPUT naming the position.
 */
export function filterTokens(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  for (;;) {
    while (at < filter.length && /\s/.test(filter[at]!)) at++;
    if (at >= filter.length) break;
    const found = match(filter, at);
    if (found === null) throw badFilter(`${JSON.stringify(filter[at])} at position ${at} is not understood.`);
    tokens.push(found.token);
    at = found.end;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

function match(filter: string, at: number): { token: FilterToken; end: number } | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(filter);
    if (found === null) continue;
    const inside = found[1] ?? found[2] ?? found[0];
    const text = kind === 'text' ? inside.replaceAll("''", "'") : inside;
    return { token: { kind, text, at }, end: at + found[0].length };
  }
  return null;
}
