import {
  type EmbeddedModel,
  embeddedModel,
  type GraphValue,
  modernised,
  type ReadModel,
  readModel,
} from '../../../numerics/onnx/index.ts';
import { FalajError, isFalajError } from '../../../shared/errors.ts';

const [FLOAT, DOUBLE] = [1, 11];
const ELEMENT_TYPES: readonly (number | null)[] = [FLOAT, DOUBLE];
/** The newest that the ONNX Runtime of this version computes. */
const NEWEST_SETS: Readonly<Record<string, number>> = { '': 26, 'ai.onnx.ml': 5, 'com.microsoft': 1 };
/** Names by which an output with predictions is told from others. */
const PREDICTIONS: readonly string[] = ['prediction', 'probability', 'probabilities'];

/** What of a script's model is used. */
export interface UsableModel {
  readonly embedded: EmbeddedModel;
  /** Whether it reads float64 numbers. */
  readonly readsDoubles: boolean;
}

/**
 * Looks at a model that a script handed back, as far as that goes without computing it.
 *
 * @param features columns of the matrix that it was given.
 * @throws MODEL_UNUSABLE saying what is wrong, and how it is exported well.
 */
export function usableModel(bytes: Uint8Array, features: number): UsableModel {
  const model = read(bytes);
  if (model.functions > 0)
    throw unusable('has functions of its own', 'Write them out: onnx.inliner.inline_local_functions(model).');
  if (model.sparseTensors > 0) throw unusable('has sparse tensors', 'Write its weights as ordinary tensors.');
  const input = inputOf(model, features);
  const embedded = embeddedModel(model, input.name, outputOf(model));
  if (embedded.tensors.some(({ isElsewhere }) => isElsewhere))
    throw unusable(
      'has its weights in another file',
      'Write it as one file: onnx.save(model, path, save_as_external_data=False), or torch.onnx.export(…, external_data=False).',
    );
  checkOperators(embedded);
  const modern = modernised(embedded);
  if (modern === null)
    throw unusable(
      `is written with the operators of ONNX opset ${embedded.operatorSets.get('')}, which is too old`,
      'Export it with opset 17: target_opset=17, or opset_version=17.',
    );
  return { embedded: modern, readsDoubles: input.elementType === DOUBLE };
}

function read(bytes: Uint8Array): ReadModel {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!isFalajError(error)) throw error;
    throw unusable('is no ONNX file', 'Write the bytes of an ONNX model into model.onnx.');
  }
}

function inputOf({ inputs }: ReadModel, features: number): GraphValue {
  const [input] = inputs;
  const hint = `It reads one float matrix of any number of rows and ${features} columns: the features in the order of learner.json.`;
  if (input === undefined || inputs.length > 1)
    throw unusable(
      `has ${inputs.length} inputs`,
      `${hint} Convert the model with one FloatTensorType([None, ${features}]).`,
    );
  if (!ELEMENT_TYPES.includes(input.elementType)) throw unusable('does not read a matrix of floats', hint);
  if (input.shape === null) return input;
  const [rows, columns] = input.shape;
  if (input.shape.length !== 2) throw unusable(`reads ${input.shape.length} dimensions`, hint);
  if (columns !== null && columns !== features)
    throw unusable(`reads ${columns} columns instead of ${features}`, hint);
  if (rows !== null)
    throw unusable(
      `reads exactly ${rows} rows`,
      'Leave their number open: [None, columns], or dynamic_axes={"features": {0: "rows"}}.',
    );
  return input;
}

/** The output with predictions; of a classifier of skl2onnx that which it makes maps of. */
function outputOf({ nodes, outputs }: ReadModel): string {
  const candidates = outputs.flatMap(({ name, elementType }) => {
    if (ELEMENT_TYPES.includes(elementType)) return [{ name, value: name }];
    const maps = nodes.find(
      ({ domain, operator, outputs: made }) =>
        domain === 'ai.onnx.ml' && operator === 'ZipMap' && made.includes(name),
    );
    return maps === undefined ? [] : [{ name, value: maps.inputs[0]! }];
  });
  const named = candidates.find(({ name }) => PREDICTIONS.includes(name));
  if (named !== undefined) return named.value;
  if (candidates.length === 1) return candidates[0]!.value;
  throw unusable(
    candidates.length === 0 ? 'has no output of floats' : `has ${candidates.length} outputs of floats`,
    `Name the one with the predictions ${PREDICTIONS.join(' or ')}.`,
  );
}

function checkOperators({ nodes, operatorSets }: EmbeddedModel): void {
  const foreign = nodes.find(({ domain }) => NEWEST_SETS[domain] === undefined);
  if (foreign !== undefined)
    throw unusable(
      `needs the operator ${foreign.operator} of "${foreign.domain}", which ONNX Runtime does not have`,
      'Build the model of operators of ONNX alone.',
    );
  for (const [domain, version] of operatorSets)
    if (version > NEWEST_SETS[domain]!)
      throw unusable(
        `is written with opset ${version} of ${domain || 'ONNX'}, which is too new`,
        `Export it with at most ${NEWEST_SETS[domain]}, such as target_opset={'': 17, 'ai.onnx.ml': 3}.`,
      );
}

/** @param what of the model, as in "The model of the script …". */
export const unusable = (what: string, hint: string): FalajError =>
  new FalajError('MODEL_UNUSABLE', `The model of the script ${what}.`, { hint });
