import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { featuresMigrations } from '../migrations.ts';
import { Definitions } from './definitions.ts';
import { parseDocuments } from './parse-documents.ts';

const TRAINING = `kind: Training
name: forest
entities: {dataset: flights}
columns: [delay]
label: {column: delay}
task: regression
split: {by: random}
learner:
  kind: python
  script: train.py
  parameters: {trees: 100}
`;
const files = { 'train.py': 'print("learn")\n', 'other.py': 'never named' };

let parts: EngineParts;
let definitions: Definitions;
beforeEach(async () => {
  parts = await openParts([featuresMigrations]);
  definitions = new Definitions({
    ...parts,
    dataset: () => ({ columns: [{ name: 'delay', type: 'int64' }], eventTime: null, knownTime: null }),
  });
});
afterEach(() => parts.close());

const document = (text: string, texts: Record<string, string> = files) => ({
  documents: [{ file: 'falaj.yaml', text, files: texts }],
  prune: false,
});

describe('a training by a script', () => {
  it('holds the texts of the files that it names, as they were when it was applied', () => {
    definitions.apply(document(TRAINING));
    expect(definitions.get('Training', 'forest').definition.learner).toMatchObject({
      kind: 'python',
      code: { 'train.py': files['train.py'] },
    });
    const [change] = definitions.plan(document(TRAINING, { 'train.py': 'print("learn better")\n' }));
    expect(change).toMatchObject({
      change: 'update',
      differences: [expect.stringContaining('learner.code.train.py')],
    });
  });

  it.each([
    [
      'a file that is not there',
      TRAINING,
      {},
      'falaj.yaml:10: learner.script: the file train.py was not found',
    ],
    [
      'a file elsewhere',
      TRAINING.replace('train.py', '../train.py'),
      files,
      'falaj.yaml:10: learner.script: a path within',
    ],
    [
      'a search of what is no parameter',
      `${TRAINING}tune: {space: {tres: {int: [1, 9]}}}\n`,
      files,
      'did you mean trees?',
    ],
    [
      'a search of what has no value',
      `${TRAINING.replace('{trees: 100}', '{}')}tune: {space: {trees: {int: [1, 9]}}}\n`,
      files,
      'give it a value in learner.parameters',
    ],
  ])('is refused for %s', (_what, text, texts, message) => {
    expect(() => parseDocuments([{ file: 'falaj.yaml', text, files: texts }])).toThrow(message);
  });

  it('is not taken from those who may start no programs', () => {
    const inline = TRAINING.replace('parameters:', 'code: {train.py: "print(1)"}\n  parameters:');
    for (const text of [TRAINING, inline])
      expect(() => definitions.apply({ ...document(text), mayStartPrograms: false })).toThrow(
        expect.objectContaining({ code: 'FORBIDDEN' }),
      );
    expect(definitions.list('Training')).toEqual([]);
  });
});
