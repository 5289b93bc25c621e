import { z } from 'zod';

export const PROBE_RUNTIMES = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml', 'dawn', 'tfjs-node-gpu'] as const;
export type ProbeRuntime = (typeof PROBE_RUNTIMES)[number];

/** Marks the one line that the child prints among whatever native libraries print. */
const MARK = 'falaj-device-probe';

export const probeResult = z.object({
  probe: z.literal(MARK),
  runtime: z.enum(PROBE_RUNTIMES),
  /** `ran`: the product was computed; `absent`: the runtime is not installed; `failed`: it would not start or run. */
  outcome: z.enum(['ran', 'absent', 'failed']),
  message: z.string(),
  /** How the adapter calls itself, where the runtime tells. */
  adapter: z.string().optional(),
  /** Median time of one product, or time of one step of a network; null when it did not run. */
  timeMs: z.number().nonnegative().nullable(),
  cpuTimeMs: z.number().nonnegative().nullable(),
  /** max|actual − reference| / max|reference|; null when it did not run or is not finite. */
  difference: z.number().nonnegative().nullable(),
  /** File names of the native libraries that were loaded, by which a software adapter gives itself away. */
  libraries: z.array(z.string()),
});
export type ProbeResult = z.infer<typeof probeResult>;

export const formatProbeResult = (result: Omit<ProbeResult, 'probe'>): string =>
  `${JSON.stringify({ probe: MARK, ...result })}\n`;

function parseLine(line: string): ProbeResult | null {
  if (!line.includes(MARK)) return null;
  try {
    return probeResult.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** The result in a child's output. Null when there is none, or when lines contradict each other: then nothing is believed. */
export function parseProbeOutput(output: string): ProbeResult | null {
  const results = output.split(/\r?\n/).flatMap((line) => parseLine(line.trim()) ?? []);
  const [first] = results;
  if (!first || results.some((result) => JSON.stringify(result) !== JSON.stringify(first))) return null;
  return first;
}
