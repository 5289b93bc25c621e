import { z } from 'zod';

const PREFIX = 'falaj ';

const progress = z.object({
  step: z.number().int().min(0),
  of: z.number().int().min(1),
  metrics: z.record(z.string().max(250), z.number()).default({}),
});

export type ScriptProgress = z.infer<typeof progress>;

/** What a script says of its progress: a line such as `falaj {"step": 3, "of": 10, "metrics": {"trainLoss": 0.4}}`; null for all others. */
export function progressOf(line: string): ScriptProgress | null {
  if (!line.startsWith(`${PREFIX}{`)) return null;
  try {
    return progress.safeParse(JSON.parse(line.slice(PREFIX.length))).data ?? null;
  } catch {
    return null; // a line of its own that only looks alike
  }
}
