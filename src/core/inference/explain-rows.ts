import { shapleyWalks } from '../../numerics/importance/index.ts';
import type { ExplainedRow, ModelExplanation } from '../../shared/contract/types.ts';
import { cellToJson, type Table } from '../../shared/table/column.ts';
import type { ModelMetadata } from '../registry/index.ts';
import { tableSource } from './feature-source.ts';
import { gatherColumn } from './gather-column.ts';
import { type ScoreOptions, scoreBatches } from './score-batches.ts';
import type { InferenceSession } from './session.ts';

/** Of a row the features that move it most; the others are summed. */
const SHOWN_FEATURES = 20;
/** Chances nearer to 0 or 1 count as this near: their logarithm would be without bound. */
const NEAREST_CHANCE = 1e-9;
/** Cells that one row may cost; more background rows are left out. */
const MOST_CELLS = 20_000_000;

export interface ExplainRequest {
  /** The rows to explain first, then those of the background; every column of the model by name. */
  readonly table: Table;
  readonly explained: number;
  readonly metadata: ModelMetadata;
  readonly session: InferenceSession;
  readonly seed: number;
  readonly options: Pick<ScoreOptions, 'batch' | 'signal'> & { readonly onRow: (row: number) => void };
}

/** Sampled Shapley values of a model's scores: of its number, or of the log-odds of each class. */
export async function explainRows(
  request: ExplainRequest,
): Promise<Pick<ModelExplanation, 'unit' | 'background' | 'rows'>> {
  const { table, explained, metadata, session, seed, options } = request;
  const { features, classes, task } = metadata;
  const outputs = classes?.length ?? 1;
  // Says which column is missing, if one is.
  tableSource(table, features);
  const columns = features.map(({ name }) => table.columns.find((column) => column.name === name)!);
  const most = Math.max(1, Math.floor(MOST_CELLS / (2 * (features.length + 1) * features.length)));
  const background = Math.min(table.rows - explained, most);
  // What the walks go over are the numbers of rows: a feature has the value that its column has there.
  const numbers = {
    matrix: Float32Array.from({ length: features.length * table.rows }, (_, at) => at % table.rows),
    rows: table.rows,
    features: features.length,
  };
  const walks = shapleyWalks({
    data: { ...numbers, from: 0, to: explained },
    background: { ...numbers, from: explained, to: explained + background },
    outputs,
    seed,
  });
  const ownScores: Float64Array[] = [];
  let step = walks.next();
  for (let row = 0; step.done !== true; row++) {
    options.signal?.throwIfAborted();
    const { matrix, rows } = step.value;
    const gathered = columns.map((column, feature) =>
      gatherColumn(column, matrix.subarray(feature * rows, (feature + 1) * rows)),
    );
    const source = tableSource({ rows, columns: gathered }, features);
    const { scores } = await scoreBatches(session, source, { ...options, outputs });
    const scaled = task === 'regression' ? scores : scores.map(logOdds);
    // The end of every walk is the row itself.
    ownScores.push(scaled.slice(-outputs));
    options.onRow(row + 1);
    step = walks.next(scaled);
  }
  const { base, contributions } = step.value;
  return {
    unit: task === 'regression' ? 'prediction' : 'log-odds',
    background,
    rows: ownScores.map((scores, row): ExplainedRow => {
      const output = likeliest(scores);
      const own = contributions[output]!.subarray(row * features.length, (row + 1) * features.length);
      const ranked = [...own.keys()].sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!));
      return {
        row,
        class: classes === undefined ? null : classes[output]!,
        score: scores[output]!,
        base: base[output]!,
        contributions: ranked.slice(0, SHOWN_FEATURES).map((feature) => ({
          feature: features[feature]!.name,
          value: cellToJson(columns[feature]!, row),
          contribution: own[feature]!,
        })),
        others: ranked.slice(SHOWN_FEATURES).reduce((sum, feature) => sum + own[feature]!, 0),
      };
    }),
  };
}

const likeliest = (scores: Float64Array): number =>
  scores.reduce((best, score, output) => (score > scores[best]! ? output : best), 0);

function logOdds(chance: number): number {
  const near = Math.min(1 - NEAREST_CHANCE, Math.max(NEAREST_CHANCE, chance));
  return Math.log(near / (1 - near));
}
