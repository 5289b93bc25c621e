import { FalajError } from './errors.ts';
import { NAME_PATTERN } from './names.ts';
import { parseInstant } from './units.ts';

/** Rows of a dataset; with bounds only those whose event time lies in [from, to), in microseconds since the epoch. */
export interface Selection {
  readonly name: string;
  readonly version?: number;
  readonly from?: number;
  readonly to?: number;
}

/** Reads `NAME`, `NAME:VERSION` and either with `[FROM..TO]`, of which one end may be left open. */
export function parseSelection(text: string): Selection {
  const match = /^([^:[\]]+)(?::(\d{1,9}))?(?:\[(.*)\])?$/.exec(text.trim());
  const [, name, version, range] = match ?? [];
  if (name === undefined || !NAME_PATTERN.test(name)) throw notASelection(text);
  const selection = { name, ...(version === undefined ? {} : { version: Number(version) }) };
  if (range === undefined) return selection;
  const ends = range.split('..').map((end) => end.trim());
  const [from, to] = ends;
  if (ends.length !== 2 || (from === '' && to === '')) throw notASelection(text);
  const bounds = { ...(from ? { from: parseInstant(from) } : {}), ...(to ? { to: parseInstant(to) } : {}) };
  if (bounds.from !== undefined && bounds.to !== undefined && bounds.from >= bounds.to) {
    throw new FalajError('BAD_INPUT', `"${text}" selects nothing: it ends before it begins.`);
  }
  return { ...selection, ...bounds };
}

const notASelection = (text: string): FalajError =>
  new FalajError('BAD_INPUT', `"${text}" does not select rows of a dataset.`, {
    hint: 'Write NAME, or NAME[2001-06-01..2001-07-01] for a stretch of event time.',
  });

/** What {@link parseSelection} reads: `NAME`, or `NAME[FROM..TO]`. Times are ISO dates or instants, blank for an open end. */
export const selectionText = (dataset: string, from: string, to: string): string =>
  from.trim() === '' && to.trim() === '' ? dataset : `${dataset}[${from.trim()}..${to.trim()}]`;
