import { describe, expect, it } from 'vitest';
import { embeddedModel, type Graph, readModel, writeModel } from '../../../numerics/onnx/index.ts';
import { usableModel } from './usable-model.ts';

const linear = (changes: Partial<Graph> = {}): Uint8Array =>
  writeModel({
    features: 3,
    output: 'prediction',
    nodes: [{ operator: 'MatMul', inputs: ['features', 'weights'], outputs: ['prediction'] }],
    constants: [{ name: 'weights', dims: [3, 1], values: [1, 2, 3] }],
    ...changes,
  });

/** The same written with another set of operators. */
const ofSet = (version: number, operator: string): Uint8Array => {
  const model = readModel(
    linear({ nodes: [{ operator, inputs: ['features', 'weights'], outputs: ['prediction'] }] }),
  );
  const embedded = {
    ...embeddedModel(model, 'features', 'prediction'),
    operatorSets: new Map([['', version]]),
  };
  return linear({
    nodes: [{ operator: 'Embedded', inputs: ['features'], outputs: ['prediction'], embedded }],
    constants: [],
  });
};

describe("a script's model", () => {
  it('is used as far as its predictions need it', () => {
    const { embedded, readsDoubles } = usableModel(
      linear({
        nodes: [
          { operator: 'MatMul', inputs: ['features', 'weights'], outputs: ['prediction'] },
          { operator: 'ArgMax', inputs: ['prediction'], outputs: ['label'] },
        ],
      }),
      3,
    );
    expect(embedded.nodes.map(({ operator }) => operator)).toEqual(['MatMul']);
    expect(embedded.tensors.map(({ name }) => name)).toEqual(['weights']);
    expect(readsDoubles).toBe(false);
    const ofDoubles = linear({ inputs: [{ name: 'features', type: 'float64' }] });
    expect(usableModel(ofDoubles, 1).readsDoubles).toBe(true);
  });

  it('may be written with an older set whose operators have not changed', () => {
    expect(usableModel(ofSet(9, 'MatMul'), 3).embedded.operatorSets.has('')).toBe(false);
  });

  it.each([
    ['bytes that are no model', Buffer.from('print("hello")'), /no ONNX file|0 inputs/],
    ['another number of columns', linear({ features: 4 }), /reads 4 columns instead of 3/],
    ['operators that are too new', ofSet(99, 'MatMul'), /opset 99 of ONNX, which is too new/],
    ['operators that meant something else', ofSet(9, 'Softmax'), /opset 9, which is too old/],
    [
      'two inputs',
      linear({ inputs: ['a', 'b'].map((name) => ({ name, type: 'float32' as const })) }),
      /2 inputs/,
    ],
    ['text as input', linear({ inputs: [{ name: 'features', type: 'string' }] }), /matrix of floats/],
    [
      'an operator of its own',
      linear({
        nodes: [
          {
            operator: 'Magic',
            domain: 'my.own' as 'ai.onnx.ml',
            inputs: ['features'],
            outputs: ['prediction'],
          },
        ],
      }),
      /operator Magic of "my.own"/,
    ],
  ])('is refused for %s', (_what, bytes, message) => {
    expect(() => usableModel(bytes, 3)).toThrow(expect.objectContaining({ code: 'MODEL_UNUSABLE' }));
    expect(() => usableModel(bytes, 3)).toThrow(message);
  });
});
