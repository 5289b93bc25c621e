import type { ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import type { JobScheduleInput, LiveEvent, ScriptRead } from '../../shared/contract/types.ts';

/**
 * A procedure as a room's method: takes the parsed input, gives the output, at once where SQLite is. What takes its time may
 * ask for the signal that fires when the caller has gone.
 */
type Method<Procedure> =
  Procedure extends ContractProcedure<infer Input, infer Output, infer _Errors, infer _Meta>
    ? unknown extends InferSchemaOutput<Input>
      ? () => Answer<InferSchemaInput<Output>>
      : (
          input: InferSchemaOutput<Input>,
          options?: { readonly signal?: AbortSignal | undefined },
        ) => Answer<InferSchemaInput<Output>>
    : never;

type ImportRuns =
  Contract['runs']['import'] extends ContractProcedure<infer Input, infer _Output, infer _Errors, infer _Meta>
    ? Input
    : never;

type DefinitionsInput = Parameters<Method<Contract['features']['apply']>>[0] & {
  readonly mayStartPrograms?: boolean | undefined;
};
type DefinitionsMethod = (input: DefinitionsInput) => ReturnType<Method<Contract['features']['apply']>>;

type Answer<Value> = Value | Promise<Value>;

type Methods<Domain extends keyof Contract, Names extends keyof Contract[Domain] = keyof Contract[Domain]> = {
  [Name in Names]: Method<Contract[Domain][Name]>;
};

/** Which definitions and versions of datasets an answer of features comes from. */
interface ReadSources {
  readonly digest: string;
  readonly data: readonly { readonly name: string; readonly version: number; readonly digest: string }[];
}

/**
 * What the router asks of an engine, derived from the contract. Procedures that answer `{job}` have no method of their own:
 * they are kinds of the job queue.
 */
export interface RoutedEngine extends Methods<'workspace', Exclude<keyof Contract['workspace'], 'session'>> {
  readonly devices: Methods<'devices', 'list' | 'processes'> & {
    /** Keeps samples coming for one more follower, until it stops. */
    telemetry(): { stop(): void };
  };
  readonly bus: { subscribe(listener: (event: LiveEvent) => void): () => void };
  /** Throws WORKSPACE_MISSING or WORKSPACE_LOCKED unless the workspace is open. */
  readonly rooms: {
    readonly jobs: Methods<'jobs'> & {
      startsProgram(input: { id: string }): boolean;
      start(kind: string, input: unknown, schedule?: JobScheduleInput): { job: string };
    };
    readonly data: Methods<
      'data',
      'list' | 'get' | 'versions' | 'preview' | 'peek' | 'profile' | 'profiles' | 'definition' | 'remove'
    > & {
      readonly uploads: {
        begin: Methods<'data', 'beginUpload'>['beginUpload'];
        add: Methods<'data', 'addToUpload'>['addToUpload'];
        discard: Methods<'data', 'discardUpload'>['discardUpload'];
      };
    };
    readonly connections: Methods<'connections', 'list' | 'add' | 'peek' | 'remove'>;
    readonly features: Methods<
      'features',
      | 'entities'
      | 'views'
      | 'view'
      | 'services'
      | 'sample'
      | 'statistics'
      | 'checkedRows'
      | 'sets'
      | 'receipt'
    > & {
      checkExpressions(input: DefinitionsInput): Promise<void>;
      plan: DefinitionsMethod;
      apply: DefinitionsMethod;
    };
    readonly online: Methods<
      'features',
      'online' | 'asOf' | 'push' | 'service' | 'skewHistory' | 'skewReport'
    > & {
      state: Methods<'features', 'onlineState'>['onlineState'];
      sources(input: { service?: string | undefined; features?: string[] | undefined }): ReadSources;
      pastSources(input: { name: string }): ReadSources;
    };
    readonly training: Methods<'training', 'list' | 'get' | 'check'> &
      Methods<'runs', 'trials'> & {
        /** Of a shell; gives the id under which a job names it. */
        keepEnvironment(environment: Readonly<Record<string, string>>): string;
      };
    readonly tracking: Methods<
      'runs',
      | 'experiments'
      | 'list'
      | 'search'
      | 'names'
      | 'several'
      | 'series'
      | 'curvesOf'
      | 'get'
      | 'history'
      | 'curves'
      | 'evaluation'
      | 'preview'
      | 'remove'
    > & {
      readonly credentials: {
        /** An import as its job keeps it: without its secret. */
        withhold(input: InferSchemaOutput<ImportRuns>): unknown;
      };
    };
    readonly scripts: {
      start: Methods<'scripts', 'run'>['run'];
      rerun: Methods<'scripts', 'rerun'>['rerun'];
      code: Methods<'scripts', 'code'>['code'];
      recordRead(read: ScriptRead & { readonly id: string }): void;
    };
    readonly placement: Methods<'devices', 'canRun'>;
    readonly registry: Methods<
      'models',
      'list' | 'versions' | 'get' | 'alias' | 'removeAlias' | 'remove' | 'removeModel'
    >;
    readonly lineage: Methods<'lineage'>;
    readonly monitoring: Methods<'monitoring', 'list' | 'get'>;
    readonly tokens: Methods<'tokens'>;
    readonly audit: Methods<'audit'>;
  };
}
