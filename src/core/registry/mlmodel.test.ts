import { describe, expect, it } from 'vitest';
import { parseMlmodel } from './mlmodel.ts';

const malformed = expect.objectContaining({ code: 'MALFORMED_FILE' });

describe('parseMlmodel', () => {
  it('tells the flavours, the one of its own, and what goes in and out', () => {
    const text = `
artifact_path: model
flavors:
  python_function: {loader_module: mlflow.lightgbm, env: {conda: conda.yaml}}
  lightgbm: {lgb_version: 4.6.0}
signature:
  inputs: '[{"type": "double", "name": "distance", "required": true}, {"type": "string", "name": "الخط"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]'
  params: null
`;
    expect(parseMlmodel(text)).toEqual({
      framework: 'mlflow-lightgbm',
      flavors: ['lightgbm', 'python_function'],
      inputs: [
        { name: 'distance', type: 'double', shape: [-1] },
        { name: 'الخط', type: 'string', shape: [-1] },
      ],
      outputs: [{ name: '0', type: 'float64', shape: [-1, 3] }],
    });
    expect(parseMlmodel('flavors: {python_function: {}}')).toMatchObject({ framework: 'mlflow-pyfunc' });
    expect(parseMlmodel('model_uuid: x')).toMatchObject({ framework: 'mlflow-unknown', flavors: [] });
  });

  it('takes an object of a programming language for the text it is', () => {
    const text = "flavors: {odd: !!python/object/apply:os.system ['touch /tmp/never']}";
    expect(parseMlmodel(text)).toMatchObject({ flavors: ['odd'] });
  });

  it('shows nothing of a signature that it does not know', () => {
    const text = `flavors: {a: {}}\nsignature: {inputs: '[{"type": {"type": "odd"}}]'}`;
    expect(parseMlmodel(text)).toMatchObject({ inputs: [], outputs: [] });
  });

  it.each([
    ['what is no YAML', 'flavors: ['],
    ['a list', '- a'],
    ['text alone', 'hello'],
    ['nothing', ''],
    ['flavours that are a list', 'flavors: [a]'],
    ['a signature that is no JSON', "flavors: {a: {}}\nsignature: {inputs: 'x'}"],
    [
      'too many flavours',
      `flavors: {${Array.from({ length: 51 }, (_, index) => `f${index}: 1`).join(', ')}}`,
    ],
    ['nesting without end', `flavors: ${'['.repeat(19_000)}`],
    ['work without end', `flavors: ${'['.repeat(1_000_000)}`],
    [
      'aliases that grow without bound',
      `a: &a [x, x, x, x, x, x, x, x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]}, `.repeat(8)}]`).join('\n')}\nflavors: {a: *h}`,
    ],
  ])('refuses %s', (_what, text) => {
    expect(() => parseMlmodel(text)).toThrowError(malformed);
  });
});
