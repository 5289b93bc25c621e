import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDefinitionDocuments, trainingNames } from './definition-documents.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-definitions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('definition files on the command line', () => {
  it('are those of a folder, in the order of their names', async () => {
    for (const name of ['b.yaml', 'a.json', 'notes.txt']) writeFileSync(path.join(folder, name), name);
    const documents = await readDefinitionDocuments(folder);
    expect(documents.map(({ text }) => text)).toEqual(['a.json', 'b.yaml']);
  });

  it('are said to be missing when there are none', async () => {
    for (const [location, message] of [
      [path.join(folder, 'falaj.yaml'), 'There is no '],
      [folder, 'holds no definition files'],
    ] as const) {
      await expect(readDefinitionDocuments(location)).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
        message: expect.stringContaining(message),
        hint: expect.stringMatching(/./),
      });
    }
  });

  it('bring the files along that their trainings name, as far as they are there', async () => {
    const learner = '{kind: python, script: train.py, requirements: none.txt, files: [own/part.py]}';
    writeFileSync(path.join(folder, 'a.yaml'), `kind: Training\nname: a\nlearner: ${learner}\n`);
    writeFileSync(path.join(folder, 'train.py'), 'import part');
    mkdirSync(path.join(folder, 'own'));
    writeFileSync(path.join(folder, 'own', 'part.py'), 'PART = 1');
    const [document] = await readDefinitionDocuments(folder);
    expect(document?.files).toEqual({ 'train.py': 'import part', 'own/part.py': 'PART = 1' });
  });

  it('name their trainings as far as they can be read', () => {
    const text = 'kind: Training\nname: one\n---\nkind: Training\nname: two\nx: *nowhere\n';
    expect(trainingNames([{ file: 'falaj.yaml', text }])).toEqual(['one']);
  });
});
