// The small form of zod: the shell's bundle is read at every start, before the window opens.
import * as z from 'zod/mini';

const text = z.string().check(z.maxLength(200));
const extension = z.string().check(z.regex(/^(\*|[A-Za-z0-9.]{1,16})$/));
const filters = z
  .array(
    z.strictObject({ name: text, extensions: z.array(extension).check(z.minLength(1), z.maxLength(30)) }),
  )
  .check(z.maxLength(20));

export const openFileRequestSchema = z.strictObject({
  title: z.optional(text),
  filters: z.optional(filters),
  multiple: z.optional(z.boolean()),
  folder: z.optional(z.boolean()),
});

/** A name, not a path: a page must not be able to preselect a place outside the dialog's folder. */
const fileName = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.regex(/^[^/\\\0]+$/),
  z.refine((name) => name !== '.' && name !== '..'),
);

export const saveFileRequestSchema = z.strictObject({
  title: z.optional(text),
  filters: z.optional(filters),
  suggestedName: z.optional(fileName),
});

export const appearanceSchema = z.strictObject({
  language: z.enum(['en', 'ar']),
  theme: z.enum(['light', 'dark', 'system']),
});
