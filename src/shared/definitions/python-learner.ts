import { z } from 'zod';
import type { jobNeeds } from '../contract/jobs.ts';
import { isSize, parseSize } from '../units.ts';

/** A path beside the definition's file and not out of its folder, with forward slashes. */
const filePath = z
  .string()
  .max(200)
  .regex(
    /^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/,
    'a path within the folder of the definition',
  );

const parameter = z.union([z.string(), z.number(), z.boolean()]);
const MOST_CHARACTERS = 1_000_000;
const sizeText = z.string().refine(isSize, 'a size such as 8GiB or 500MB');

/** A script of the person's own that learns from the rows as Falaj prepares them, and hands an ONNX model back. */
export const pythonLearner = z
  .strictObject({
    kind: z.literal('python'),
    script: filePath,
    /** Of the environment that it runs in; that of the shell which started the training unless said. */
    requirements: filePath.optional(),
    /** Further files that it needs, such as modules of its own. */
    files: z.array(filePath).max(100).default([]),
    /** What the script reads as its settings. */
    parameters: z.record(z.string(), z.union([parameter, z.array(parameter).max(1000)])).default({}),
    /** Processors that are kept for it, and threads that it is told to use. */
    cpus: z.number().int().min(1).max(4096).optional(),
    /** Memory that is kept for it, such as 16GiB. */
    memory: sizeText.optional(),
    /** GPUs that are kept for it, and the only ones that it sees: 0 for none. It sees all of them unless said. */
    gpus: z.number().int().min(0).max(64).optional(),
    /** Of each of these, such as 10GiB, and shares the rest; it has them whole unless said. */
    gpuMemory: sizeText.optional(),
    /** Texts of these files by their paths, as they were when the definition was applied; read from beside it. */
    code: z.record(filePath, z.string().max(MOST_CHARACTERS)).default({}),
  })
  .superRefine((learner, context) => {
    if (learner.gpuMemory !== undefined && !learner.gpus)
      context.addIssue({
        code: 'custom',
        path: ['gpuMemory'],
        message: 'gpuMemory is of each of the gpus: say how many',
      });
    for (const { path, file } of namedFiles(learner))
      if (learner.code[file] === undefined)
        context.addIssue({
          code: 'custom',
          path,
          message: `the file ${file} was not found beside the definition`,
        });
  });

export type PythonLearner = z.infer<typeof pythonLearner>;

/** The files that a learner names, with where it names them. */
export const namedFiles = ({
  script,
  requirements,
  files,
}: Pick<PythonLearner, 'script' | 'requirements' | 'files'>): {
  readonly path: (string | number)[];
  readonly file: string;
}[] => [
  { path: ['script'], file: script },
  ...(requirements === undefined ? [] : [{ path: ['requirements'], file: requirements }]),
  ...files.map((file, index) => ({ path: ['files', index], file })),
];

/** What a script takes of the machine for itself, as programs of `falaj run` do; null where it asks for nothing. */
export function scriptNeeds({
  cpus,
  memory,
  gpus,
  gpuMemory,
}: PythonLearner): z.infer<typeof jobNeeds> | null {
  if (cpus === undefined && memory === undefined && gpus === undefined) return null;
  return {
    cpus: cpus ?? 1,
    memoryBytes: memory === undefined ? null : parseSize(memory),
    gpus: gpus ?? 0,
    gpuMemoryBytes: gpuMemory === undefined ? null : parseSize(gpuMemory),
  };
}
