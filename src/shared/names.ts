import { z } from 'zod';

/** Ids in files and commands. Display names are free Unicode and never used as ids. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const nameSchema = z
  .string()
  .regex(NAME_PATTERN, 'A name starts with a letter or digit and has at most 128 of A-Z a-z 0-9 . _ -');
