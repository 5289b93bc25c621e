import { z } from 'zod';

const text = z.string().max(200);
const filters = z
  .array(
    z.strictObject({
      name: text,
      extensions: z
        .array(z.string().regex(/^(\*|[A-Za-z0-9.]{1,16})$/))
        .min(1)
        .max(30),
    }),
  )
  .max(20);

export const openFileRequestSchema = z
  .strictObject({ title: text, filters, multiple: z.boolean(), folder: z.boolean() })
  .partial();

/** A name, not a path: a page must not be able to preselect a place outside the dialog's folder. */
const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\\0]+$/)
  .refine((name) => name !== '.' && name !== '..');

export const saveFileRequestSchema = z
  .strictObject({ title: text, filters, suggestedName: fileName })
  .partial();

export const appearanceSchema = z.strictObject({
  language: z.enum(['en', 'ar']),
  theme: z.enum(['light', 'dark', 'system']),
});
