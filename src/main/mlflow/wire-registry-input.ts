import { z } from 'zod';
import { MODEL_STAGES } from '../../core/registry/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { nameSchema } from '../../shared/names.ts';
import { int64, key, list, maxResults, pair, text } from './wire-input.ts';
import { OWN_TAGS } from './wire-model.ts';

export const byName = z.object({ name: text });
export const byVersion = byName.extend({ version: int64.pipe(z.number().min(1)) });

const DESCRIPTION_LENGTH = 100_000;
export const description = z.string().max(DESCRIPTION_LENGTH);

export const named = key.refine(
  (name) => !name.startsWith(OWN_TAGS),
  `tags named ${OWN_TAGS}… are not set by hand`,
);
export const tagValue = pair.shape.value;

/** Tags of a model or version that is made. Copies bring those along that say what is so; they are so anyway. */
export const givenTags = list(pair).transform((tags) =>
  tags.filter((each) => !each.key.startsWith(OWN_TAGS)),
);

/** MLflow keeps these names for the newest version, and for versions by their numbers. */
export const newAlias = nameSchema.refine(
  (alias) => !/^(latest|v\d+)$/i.test(alias),
  'latest, and v with a number, are reserved',
);

/** Clients write stages as they like. */
export const stage = z.string().transform((given, context) => {
  const known = MODEL_STAGES.find((each) => each.toLowerCase() === given.toLowerCase());
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `the stages are ${MODEL_STAGES.join(', ')}` });
  return z.NEVER;
});

export const searched = z.object({
  filter: text.optional(),
  max_results: maxResults(100, 200_000),
  order_by: list(text),
  page_token: text.optional(),
});

export const searchOf = (input: z.output<typeof searched>) => ({
  filter: input.filter,
  limit: input.max_results,
  orderBy: input.order_by,
  pageToken: input.page_token,
});

/** Prompts are kept by the same calls as models; here there are none, which is said before anyone takes one for kept. */
export function refusePrompt(tags: readonly { readonly key: string; readonly value: string }[]): void {
  if (
    tags.some(({ key: name, value }) => name === 'mlflow.prompt.is_prompt' && value.toLowerCase() === 'true')
  )
    throw new FalajError('BAD_INPUT', 'This registry keeps models, no prompts.');
}
