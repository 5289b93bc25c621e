import type { Store } from '../store/index.ts';
import { compileFilter, compileOrder, pageOffset, pageToken, type SearchSubject } from '../tracking/index.ts';

export interface RegistrySearchInput {
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[];
  readonly limit: number;
  readonly pageToken?: string | undefined;
}

export interface Found<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}

/** Clients ask for what is no prompt; there are none here, so that it is so of everything. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';
const noPrompt = { sql: `'false'`, type: 'text' } as const;
const promptAlias: NonNullable<SearchSubject['alias']> = ({ entity, name }) =>
  entity === 'tag' && name === PROMPT_TAG ? 'is_prompt' : null;

const MODELS: SearchSubject = {
  id: 'm.name',
  attributes: {
    name: { sql: 'm.name', type: 'text' },
    timestamp: { sql: 'm.updated_at', type: 'number' },
    last_updated_timestamp: { sql: 'm.updated_at', type: 'number' },
    creation_timestamp: { sql: 'm.created_at', type: 'number' },
    is_prompt: noPrompt,
  },
  tables: {
    tag: {
      table: '(SELECT * FROM registry_tag WHERE version = 0)',
      owner: 'model',
      key: 'key',
      value: 'value',
      type: 'text',
    },
  },
  alias: promptAlias,
};

const VERSIONS: SearchSubject = {
  id: `(v.model || ':' || v.version)`,
  attributes: {
    name: { sql: 'v.model', type: 'text' },
    version_number: { sql: 'v.version', type: 'number' },
    run_id: { sql: `coalesce(v.run_id, '')`, type: 'text' },
    source_path: { sql: `coalesce(v.source, '')`, type: 'text' },
    current_stage: { sql: 'v.stage', type: 'text' },
    last_updated_timestamp: { sql: 'v.updated_at', type: 'number' },
    creation_timestamp: { sql: 'v.created_at', type: 'number' },
    is_prompt: noPrompt,
  },
  tables: {
    tag: {
      table: `(SELECT model, version, key, value FROM registry_tag WHERE version > 0
        UNION ALL SELECT model, version, 'falaj.digest', digest FROM registry_version)`,
      owner: `(model || ':' || version)`,
      key: 'key',
      value: 'value',
      type: 'text',
    },
  },
  alias: promptAlias,
};

/** Names of models, by name unless said otherwise. */
export const searchModels = (store: Store, input: RegistrySearchInput): Found<string> =>
  search(
    store,
    input,
    MODELS,
    'm.name',
    'SELECT m.name FROM registry_model AS m',
    ({ name }: { name: string }) => name,
  );

/** Versions, changed last first unless said otherwise. */
export const searchVersions = (
  store: Store,
  input: RegistrySearchInput,
): Found<{ readonly model: string; readonly version: number }> =>
  search(
    store,
    input,
    VERSIONS,
    'v.updated_at DESC, v.model, v.version DESC',
    'SELECT v.model, v.version FROM registry_version AS v',
    (row: { model: string; version: number }) => row,
  );

function search<Row, Item>(
  store: Store,
  input: RegistrySearchInput,
  subject: SearchSubject,
  fallback: string,
  select: string,
  itemOf: (row: Row) => Item,
): Found<Item> {
  const offset = pageOffset(input.pageToken);
  const filter = compileFilter(input.filter ?? '', subject);
  const order = compileOrder(input.orderBy ?? [], subject, fallback);
  const rows = store
    .statement<Row>(`${select} WHERE ${filter.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`)
    .all(...filter.values, ...order.values, input.limit + 1, offset);
  return {
    items: rows.slice(0, input.limit).map(itemOf),
    nextPageToken: rows.length > input.limit ? pageToken(offset + input.limit) : null,
  };
}
