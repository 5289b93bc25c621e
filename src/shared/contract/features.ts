import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  entityDefinition,
  featureServiceDefinition,
  featureViewDefinition,
} from '../definitions/features.ts';
import { byName, instantSchema, rowsSchema } from './common.ts';

export const featureView = z.object({
  definition: featureViewDefinition,
  version: z.number().int(),
  appliedAt: instantSchema,
  /** The services that use it. */
  usedBy: z.array(z.string()),
});

export const changeKind = z.enum(['create', 'update', 'unchanged', 'delete']);
export const plannedChange = z.object({
  kind: z.string(),
  name: z.string(),
  change: changeKind,
  differences: z.array(z.string()),
});

export const definitionsInput = z.object({
  /** Definition documents (YAML or JSON text), each with the file name that errors will mention. */
  documents: z.array(z.object({ file: z.string(), text: z.string().max(4_000_000) })).min(1),
  prune: z.boolean().default(false),
});

export const featuresContract = {
  entities: oc.route({ method: 'GET', path: '/features/entities' }).output(z.array(entityDefinition)),
  views: oc.route({ method: 'GET', path: '/features/views' }).output(z.array(featureView)),
  view: oc.route({ method: 'GET', path: '/features/views/{name}' }).input(byName).output(featureView),
  services: oc.route({ method: 'GET', path: '/features/services' }).output(z.array(featureServiceDefinition)),
  /** A few rows of the view's features at the times of its newest source rows, as a person would look at them. */
  sample: oc
    .route({ method: 'GET', path: '/features/views/{name}/sample' })
    .input(byName.extend({ limit: z.coerce.number().int().min(1).max(200).default(20) }))
    .output(rowsSchema),
  /** Job result: `{file, rows, columns}`. The output has one row per entity row, in order. */
  historical: oc
    .route({ method: 'POST', path: '/features/historical' })
    .input(
      z.object({
        service: z.string().optional(),
        features: z.array(z.string()).optional(),
        entities: z.string().min(1),
        eventTime: z.string().default('event_time'),
        asKnown: z.string().optional(),
        out: z.string().min(1),
        names: z.enum(['full', 'feature']).default('full'),
      }),
    )
    .output(z.object({ job: z.string() })),
  plan: oc
    .route({ method: 'POST', path: '/definitions/plan' })
    .input(definitionsInput)
    .output(z.array(plannedChange)),
  apply: oc
    .route({ method: 'POST', path: '/definitions/apply' })
    .input(definitionsInput)
    .output(z.array(plannedChange)),
};
