import { oc } from '@orpc/contract';
import { z } from 'zod';

export const lineageKind = z.enum(['dataset', 'view', 'service', 'training-set', 'run', 'model']);

export const lineageNode = z.object({
  /** `kind/name`, with `@version` where there are versions. */
  id: z.string(),
  kind: lineageKind,
  name: z.string(),
  version: z.number().int().nullable(),
  /** What a person calls it, where the name is an id. */
  title: z.string().nullable(),
});

export const lineageGraph = z.object({
  /** The nodes that were asked for: every version unless one was named. */
  roots: z.array(z.string()),
  /** In the order of the flow, from data to models. */
  nodes: z.array(lineageNode),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
});

export const lineageContract = {
  /** What something came from (`up`), and what came of it (`down`). */
  of: oc
    .route({ method: 'GET', path: '/lineage/{kind}/{name}' })
    .input(
      z.object({
        kind: lineageKind,
        name: z.string().min(1).max(300),
        version: z.coerce.number().int().min(1).optional(),
        direction: z.enum(['up', 'down', 'both']).default('both'),
      }),
    )
    .output(lineageGraph),
};
