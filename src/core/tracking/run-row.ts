import { z } from 'zod';
import type { RunStatus } from '../../shared/contract/types.ts';

/** A run as it lies in the store, joined with the name of its experiment. */
export interface RunRow {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly data: string;
  readonly model: string | null;
  readonly evaluation: string | null;
  /** The engine's own learners, or a tracking client. */
  readonly writer: 'engine' | 'client';
}

export const dataListSchema = z.array(
  z.object({ name: z.string(), version: z.number().int(), digest: z.string() }),
);
export const modelLinkSchema = z.object({ name: z.string(), version: z.number().int() });
