import type { z } from 'zod';
import type { ModelRegistry } from '../../core/registry/index.ts';
import type { TrackingRoom } from '../../core/tracking/index.ts';

/** What of the registry these calls use. */
export type AccessibleRegistry = Pick<
  ModelRegistry,
  | 'model'
  | 'version'
  | 'newestByStage'
  | 'searchModels'
  | 'searchVersions'
  | 'registerFolder'
  | 'copy'
  | 'alias'
  | 'removeAlias'
  | 'remove'
  | 'labels'
  | 'names'
  | 'files'
>;

/** The rooms that stand behind MLflow's calls. */
export interface MlflowRooms {
  readonly tracking: Pick<TrackingRoom, 'groups' | 'clients' | 'models' | 'files' | 'uploads'>;
  readonly registry: AccessibleRegistry;
}

/** One call of MLflow's REST interface: method, path below its prefix, and what it does. */
export interface Call {
  readonly method: string;
  /** `{name}` stands for one part of the path, which joins the input. */
  readonly path: string;
  answer(rooms: MlflowRooms, input: unknown): object | Promise<object>;
}

/** A call whose input is checked by a schema; fields that the schema does not know are left out. */
export const call = <Schema extends z.ZodType>(
  route: string,
  schema: Schema,
  answer: (rooms: MlflowRooms, input: z.output<Schema>) => object | Promise<object>,
): Call => {
  const [method, path] = route.split(' ') as [string, string];
  return { method, path, answer: (rooms, input) => answer(rooms, schema.parse(input)) };
};
