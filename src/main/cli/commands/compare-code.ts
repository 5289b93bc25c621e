import type { RunCode } from '../../../shared/contract/types.ts';
import { aroundChanges, lineDiff } from '../../../shared/line-diff.ts';

/** What two runs were started from; null for one that `falaj run` did not start. */
export interface CodeComparison {
  readonly before: RunCode | null;
  readonly after: RunCode | null;
}

const CONTEXT_LINES = 2;

/** The parts that differ, as a patch shows them; empty where none do, or nothing is known. */
export function textCodeComparison({ before, after }: CodeComparison): string[] {
  if (before === null && after === null) return [];
  const parts: readonly (readonly [title: string, of: (code: RunCode) => string])[] = [
    ['Command', ({ command }) => command.join(' ')],
    ['Commit', ({ git }) => git?.commit ?? ''],
    ['Changes since the commit', ({ git }) => git?.diff ?? ''],
    ['Packages', ({ packages }) => packages?.list ?? ''],
    ['Machine', ({ machine }) => `${machine.platform}, ${machine.processor} × ${machine.cores}`],
  ];
  return parts.flatMap(([title, of]) => {
    const diff = textDiff(before === null ? '' : of(before), after === null ? '' : of(after));
    return diff === '' ? [] : [`${title}:\n${diff}`];
  });
}

function textDiff(before: string, after: string): string {
  if (before === after) return '';
  const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const sign = { same: ' ', added: '+', removed: '-' } as const;
  return aroundChanges(lineDiff(lines(before), lines(after)), CONTEXT_LINES)
    .flatMap(({ skipped, lines: shown }) => [
      ...(skipped > 0 ? [`  … ${skipped} lines alike`] : []),
      ...shown.map(({ kind, text }) => `  ${sign[kind]} ${text}`),
    ])
    .join('\n');
}
