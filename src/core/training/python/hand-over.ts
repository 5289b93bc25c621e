import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PythonLearner } from '../../../shared/definitions/training.ts';
import type { LearnRequest } from '../worker-messages.ts';
import type { Part } from './write-part.ts';

export const MODEL_FILE = 'model.onnx';
/** The script's own folder, so that it imports modules of its own. */
export const CODE_FOLDER = 'code';
const JOB_FILE = 'learner.json';
const CELL_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** For the model, and what the script writes beside. */
const SPARE_BYTES = 64 * 2 ** 20;

/** What the files will take. */
export const handOverBytes = ({ featureNames, rows }: LearnRequest): number =>
  (featureNames.length + 2) * rows * CELL_BYTES + SPARE_BYTES;

/** Writes what a script learns from into a folder: its code, the parts as Arrow files, and what they are in a JSON file. */
export async function handOver(folder: string, request: LearnRequest, learner: PythonLearner): Promise<void> {
  // Loaded when needed: most engines never write Arrow.
  const { LABEL, WEIGHT, writePart } = await import('./write-part.ts');
  const { task, classes, featureNames, weights, seed, threads, train, validation, test } = request;
  writeCode(path.join(folder, CODE_FOLDER), learner);
  const held = train + validation;
  const parts: readonly [Part, number, number][] = [
    ['training', 0, train],
    ['validation', train, held],
    ['test', held, held + test],
  ];
  for (const [part, from, to] of parts)
    if (to > from) await writePart(path.join(folder, `${part}.arrow`), part, request, { from, to });
  const job = {
    format: 'falaj-learner-v1',
    task,
    classes: task === 'regression' ? null : (classes ?? ['0', '1']),
    features: featureNames,
    label: LABEL,
    weight: weights === null ? null : WEIGHT,
    rows: { training: train, validation, test },
    seed,
    threads,
    gpus: learner.gpus ?? null,
    parameters: learner.parameters,
    model: MODEL_FILE,
  };
  writeFileSync(path.join(folder, JOB_FILE), `${JSON.stringify(job, null, 2)}\n`);
}

/** The files of a script, in their folders. */
export function writeCode(folder: string, { code }: PythonLearner): void {
  for (const [file, text] of Object.entries(code)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
