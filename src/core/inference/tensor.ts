import { z } from 'zod';

/** Element types that models of tables use. `float16`, small integers and maps are refused with their name. */
export const tensorTypes = ['float32', 'float64', 'int64', 'int32', 'bool', 'string'] as const;
export type TensorType = (typeof tensorTypes)[number];
export type TensorData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Uint8Array
  | readonly string[];

const isTensorData = (data: unknown): data is TensorData =>
  data instanceof Float32Array ||
  data instanceof Float64Array ||
  data instanceof BigInt64Array ||
  data instanceof Int32Array ||
  data instanceof Uint8Array ||
  (Array.isArray(data) && data.every((item) => typeof item === 'string'));

export const wireTensor = z.object({
  type: z.enum(tensorTypes),
  dims: z.array(z.number().int().min(0)),
  data: z.custom<TensorData>(isTensorData),
});

/** A tensor as it crosses between processes: row-major data and its dimensions. */
export type WireTensor = z.infer<typeof wireTensor>;
