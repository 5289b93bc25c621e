import { z } from 'zod';
import { tensorSpec } from '../../shared/contract/models.ts';
import { type WireTensor, wireTensor } from './tensor.ts';

export type InferenceDevice = 'cpu' | 'cuda' | 'webgpu';

/** What the engine asks of an inference child. */
export type SessionRequest =
  | {
      readonly kind: 'open';
      readonly model: Uint8Array;
      readonly threads: number;
      readonly device: InferenceDevice;
    }
  | { readonly kind: 'run'; readonly id: number; readonly feeds: Readonly<Record<string, WireTensor>> };

/** What the child answers. It is not trusted: it has just parsed a model, so every message is checked. */
export const sessionReply = z.discriminatedUnion('kind', [
  /** With the version of ONNX Runtime. */
  z.object({ kind: z.literal('ready'), runtime: z.string() }),
  z.object({ kind: z.literal('opened'), inputs: z.array(tensorSpec), outputs: z.array(tensorSpec) }),
  z.object({ kind: z.literal('refused'), message: z.string() }),
  z.object({
    kind: z.literal('result'),
    id: z.number(),
    elapsedMs: z.number(),
    outputs: z.record(z.string(), wireTensor),
  }),
  z.object({ kind: z.literal('failed'), id: z.number(), message: z.string() }),
]);
export type SessionReply = z.infer<typeof sessionReply>;
