import type { SkewExample, SkewFeature } from '../../../shared/contract/types.ts';
import { type Column, findColumn, microsToIso } from '../../../shared/table/column.ts';
import type { Replayed } from '../../features/index.ts';
import type { JsonValue } from '../packed-row.ts';
import { answerCell } from '../read-log/logged-cell.ts';
import { compareCells, SkewTally } from './compare-cells.ts';
import type { ServedReads } from './served-reads.ts';

/** Of each feature and cause; enough to see a pattern. */
const MOST_EXAMPLES = 5;
const CAUSES = ['unexplained', 'known-later', 'changed-since'] as const;

/** One feature's values as they were served beside what the history says of them, over any number of sets of reads. */
export class FeatureSkew {
  readonly #name: string;
  readonly #tolerance: number;
  #type: Column['type'] | null = null;
  #asKnown: SkewTally | null = null;
  #today: SkewTally | null = null;
  #knownLater = 0;
  #changedSince = 0;
  readonly #examples: SkewExample[] = [];

  constructor(name: string, tolerance: number) {
    this.#name = name;
    this.#tolerance = tolerance;
  }

  add(reads: ServedReads, { asKnown, today }: Replayed): void {
    const feature = reads.features.indexOf(this.#name);
    const newest = columnOf(today, this.#name);
    this.#type ??= newest.type;
    this.#asKnown ??= new SkewTally(newest.type);
    this.#today ??= new SkewTally(newest.type);
    for (const { rows, columns } of asKnown) {
      const known = columnOf(columns, this.#name);
      for (let place = 0; place < rows.length; place++) {
        const row = rows[place]!;
        this.#compare(reads, feature, row, answerCell(known, place), answerCell(newest, row));
      }
    }
  }

  result(): SkewFeature {
    return {
      name: this.#name,
      type: this.#type!,
      asKnown: this.#asKnown!.counts(),
      today: this.#today!.counts(),
      knownLater: this.#knownLater,
      changedSince: this.#changedSince,
      examples: this.#examples.toSorted((a, b) => CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause)),
    };
  }

  #compare(reads: ServedReads, feature: number, row: number, asKnown: JsonValue, today: JsonValue): void {
    const online = reads.cell(row, feature, this.#type!);
    const atRead = compareCells(online, asKnown, this.#tolerance);
    const atPresent = compareCells(online, today, this.#tolerance);
    this.#asKnown!.add(online, asKnown, atRead);
    this.#today!.add(online, today, atPresent);
    const difference = atRead === 'equal' ? atPresent : atRead;
    if (difference === 'equal') return;
    const cause =
      atRead === 'equal' ? 'changed-since' : atPresent === 'equal' ? 'known-later' : 'unexplained';
    if (cause === 'changed-since') this.#changedSince++;
    if (cause === 'known-later') this.#knownLater++;
    if (this.#examples.filter((one) => one.cause === cause).length >= MOST_EXAMPLES) return;
    const { spine, eventTime } = reads;
    this.#examples.push({
      keys: Object.fromEntries(
        spine.columns.filter(({ name }) => name !== eventTime).map((key) => [key.name, answerCell(key, row)]),
      ),
      at: microsToIso(findColumn(spine, eventTime)!.values[row] as number),
      difference,
      cause,
      online,
      status: reads.status(row, feature),
      asKnown,
      today,
    });
  }
}

const columnOf = (columns: readonly Column[], name: string): Column =>
  columns.find((column) => column.name === name)!;
