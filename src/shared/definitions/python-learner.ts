import { z } from 'zod';

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
    /** Texts of these files by their paths, as they were when the definition was applied; read from beside it. */
    code: z.record(filePath, z.string().max(MOST_CHARACTERS)).default({}),
  })
  .superRefine((learner, context) => {
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
