import { z } from 'zod';
import type { MetricSample } from '../../metrics/metric-series.ts';

/** What the engine asks of the child that reads runs: first where they lie, then piece after piece. */
export type ReaderRequest =
  | { readonly kind: 'open'; readonly from: 'mlruns'; readonly dir: string }
  | { readonly kind: 'open'; readonly from: 'tensorboard'; readonly dir: string; readonly experiment: string }
  /** The next run; the pieces asked for after it are of that run. */
  | { readonly kind: 'run' }
  | { readonly kind: 'facts' }
  | { readonly kind: 'points' };

const optionalTime = z.number().int().optional();

export const runHeader = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  experiment: z.string().min(1).max(1000),
  name: z.string().optional(),
  userId: z.string().optional(),
  status: z.enum(['running', 'scheduled', 'finished', 'failed', 'killed']),
  startedAt: optionalTime,
  endedAt: optionalTime,
  isDeleted: z.boolean(),
  content: z.string().nullable(),
  fraction: z.number().min(0).max(1),
  /** Where its files lie, under the folder that is read, with `/`. */
  artifactFolder: z
    .string()
    .refine((text) => text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'))
    .nullable(),
});
export type RunHeader = z.infer<typeof runHeader>;

/** Points as columns: `metrics[metric[i]]` had `values[i]`. */
const pointColumns = z
  .object({
    metrics: z.array(z.string()),
    metric: z.instanceof(Int32Array),
    steps: z.instanceof(Float64Array),
    times: z.instanceof(Float64Array),
    values: z.instanceof(Float64Array),
  })
  .refine(({ metrics, metric, steps, times, values }) => {
    const lengths = [steps, times, values].every(({ length }) => length === metric.length);
    return (
      lengths &&
      metric.every((place) => place >= 0 && place < metrics.length) &&
      steps.every(Number.isInteger) &&
      times.every(Number.isInteger)
    );
  });

const texts = z.record(z.string(), z.string());

/** What the child answers, one for each piece asked for. It has read foreign bytes, so every message is checked. */
export const readerReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), header: runHeader }),
  z.object({ kind: z.literal('facts'), params: texts, tags: texts }),
  z.object({ kind: z.literal('points'), columns: pointColumns, isLast: z.boolean() }),
  z.object({ kind: z.literal('end') }),
  z.object({
    kind: z.literal('error'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    details: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly(), z.null()]),
    ),
  }),
]);
export type ReaderReply = z.infer<typeof readerReply>;
type PointColumns = z.infer<typeof pointColumns>;

export function toColumns(points: readonly MetricSample[]): PointColumns {
  const places = new Map<string, number>();
  const metric = Int32Array.from(points, (point) => {
    const place = places.get(point.metric) ?? places.size;
    places.set(point.metric, place);
    return place;
  });
  return {
    metrics: [...places.keys()],
    metric,
    steps: Float64Array.from(points, ({ step }) => step),
    times: Float64Array.from(points, ({ at }) => at),
    values: Float64Array.from(points, ({ value }) => value),
  };
}

export function* fromColumns({
  metrics,
  metric,
  steps,
  times,
  values,
}: PointColumns): Generator<MetricSample> {
  for (const [index, place] of metric.entries())
    yield { metric: metrics[place]!, step: steps[index]!, at: times[index]!, value: values[index]! };
}
