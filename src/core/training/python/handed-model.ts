import type { MatrixRows } from '../../../numerics/linear/index.ts';
import { writeModel } from '../../../numerics/onnx/index.ts';
import type { Task } from '../../../shared/definitions/training.ts';
import { isFalajError } from '../../../shared/errors.ts';
import {
  type InferenceSession,
  matrixSource,
  openInferenceSession,
  scoreBatches,
} from '../../inference/index.ts';
import type { OutsideModel } from '../outside/outside-learner.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { finishedGraph, handedGraph, SAID } from './handed-graph.ts';
import { unusable, usableModel } from './usable-model.ts';

const BATCH_ROWS = 4096;
/** By which the shape of what the model says is found out. */
const TRIED_ROWS = 3;
/** Chances are sums in float32: they may be beside 0, 1 and their sum by this much. */
const CHANCE_TOLERANCE = 1e-3;

/**
 * A script's model, computed in an isolated process.
 *
 * @throws MODEL_UNUSABLE for a model that cannot be computed, or says something else than one prediction for each row.
 */
export async function openHandedModel(
  bytes: Uint8Array,
  request: LearnRequest,
  signal: AbortSignal,
): Promise<OutsideModel> {
  const { task, classes, featureNames, matrix, rows, train, threads } = request;
  const features = featureNames.length;
  const used = usableModel(bytes, features);
  const session = await openInferenceSession({
    model: writeModel(handedGraph(used, features)),
    threads,
    signal,
  }).catch(refused);
  try {
    const tried: MatrixRows = { matrix, rows, features, from: 0, to: Math.min(train, TRIED_ROWS) };
    const width = await widthOf(session, tried);
    const outputs = outputsOf(task, classes, width);
    return {
      graph: finishedGraph(used, { features, task, width, outputs }),
      predict: (asked, stopped) => predictions(session, asked, { task, outputs, signal: stopped }),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

const refused = (error: unknown): never => {
  if (!isFalajError(error) || error.code !== 'CHILD_FAILED') throw error;
  throw unusable(
    `was refused. ${error.message}`,
    'Export it for ONNX Runtime: opset 17, and operators of ONNX alone.',
  );
};

/** Numbers that the model says of each row. */
async function widthOf(session: InferenceSession, tried: MatrixRows): Promise<number> {
  const rows = tried.to - tried.from;
  const { outputs } = await session
    .run(matrixSource(tried.matrix, tried.rows, tried.features, tried).feeds(0, rows, session.inputs))
    .catch(refused);
  const said = outputs[SAID];
  const [first, ...further] = said?.dims ?? [];
  const width = further.reduce((product, size) => product * size, 1);
  if (first !== rows || width < 1)
    throw unusable(
      `says ${said?.data.length ?? 0} numbers of ${rows} rows`,
      'Its output has one row for each row of its input.',
    );
  return width;
}

/** Of these numbers, the last ones that are predictions: of two chances that of a yes. */
function outputsOf(task: Task, classes: readonly string[] | null, width: number): number {
  if (task === 'regression') {
    if (width === 1) return 1;
    throw unusable(`says ${width} numbers of a row`, 'A number is predicted: its output has one column.');
  }
  const count = classes?.length ?? 2;
  if (width === count) return task === 'binary' ? 1 : count;
  if (task === 'binary' && width === 1) return 1;
  throw unusable(
    `says ${width} numbers of a row, and there are ${count} classes`,
    'Its output has the chance of each class, in the order of learner.json; of two classes that of the second will do.',
  );
}

async function predictions(
  session: InferenceSession,
  { matrix, rows, features, from, to }: MatrixRows,
  { task, outputs, signal }: { readonly task: Task; readonly outputs: number; readonly signal: AbortSignal },
): Promise<Float64Array> {
  const source = matrixSource(matrix, rows, features, { from, to });
  const { scores } = await scoreBatches(session, source, { batch: BATCH_ROWS, outputs, signal }).catch(
    refused,
  );
  const unfit = scores.reduce((count, score) => count + Number(!Number.isFinite(score)), 0);
  if (unfit > 0)
    throw unusable(
      `says ${unfit} times of ${scores.length} something that is no finite number`,
      'Features may be missing (NaN): let the script fill them, or Falaj: preprocess: {column: {impute: mean}}.',
    );
  if (task === 'regression') return scores;
  checkChances(scores, outputs);
  return scores.map((chance) => Math.min(1, Math.max(0, chance)));
}

function checkChances(chances: Float64Array, outputs: number): void {
  const hint = 'Its output has chances, from 0 to 1: end it with a sigmoid or a softmax.';
  const outside = chances.find((chance) => chance < -CHANCE_TOLERANCE || chance > 1 + CHANCE_TOLERANCE);
  if (outside !== undefined) throw unusable(`says ${outside.toPrecision(3)}, which is no chance`, hint);
  if (outputs === 1) return;
  for (let row = 0; row < chances.length; row += outputs) {
    const sum = chances.subarray(row, row + outputs).reduce((total, chance) => total + chance, 0);
    if (Math.abs(sum - 1) > CHANCE_TOLERANCE * outputs)
      throw unusable(`says chances of a row whose sum is ${sum.toPrecision(3)}`, hint);
  }
}
