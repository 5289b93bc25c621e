import { z } from 'zod';
import { isErrorCode } from '../../../shared/errors.ts';
import type { LearnRequest } from '../worker-messages.ts';

/** Whether the GPU is compared with the CPU, learns, or learns only where the comparison is for it. */
export type GraphicsWork = 'choose' | 'learn' | 'chooseAndLearn';

/** What a network is learned from, without the rows that it is only measured on; its arrays follow, or are small. */
export type GraphicsTask = Omit<
  LearnRequest,
  'matrix' | 'labels' | 'weights' | 'baseline' | 'preprocessing' | 'slices' | 'evaluate' | 'calibrate'
>;

/** To the child: the task, then the matrix feature by feature. */
export type GraphicsRequest =
  | {
      readonly kind: 'task';
      readonly work: GraphicsWork;
      readonly task: GraphicsTask;
      readonly labels: Float32Array;
      readonly weights: Float32Array | null;
    }
  | { readonly kind: 'column'; readonly values: Float32Array };

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** From the child, which is not trusted to say anything else. */
export const graphicsReply = z.discriminatedUnion('kind', [
  /** There is an adapter: the task is waited for. */
  z.object({ kind: z.literal('ready'), adapter: z.string() }),
  /** No graphics, for this reason; the child ends. */
  z.object({ kind: z.literal('refused'), reason: z.string(), forAll: z.boolean() }),
  z.object({ kind: z.literal('chosen'), reason: z.string() }),
  z.object({
    kind: z.literal('epoch'),
    epoch: z.number().int(),
    of: z.number().int(),
    metrics: z.record(z.string(), z.number()),
  }),
  z.object({ kind: z.literal('checkpoint'), bytes }),
  z.object({ kind: z.literal('finished'), bytes }),
  z.object({
    kind: z.literal('failed'),
    error: z.object({
      code: z.string().refine(isErrorCode),
      message: z.string(),
      hint: z.string(),
    }),
  }),
]);
export type GraphicsReply = z.infer<typeof graphicsReply>;
