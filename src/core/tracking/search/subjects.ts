import type { SearchSubject } from './compile-search.ts';

const lowerCase = (value: string): string => value.toLowerCase();

const INPUT_PAIRS = `(SELECT run_id, 'name' AS key, name AS value FROM tracking_input
  UNION ALL SELECT run_id, 'digest', digest FROM tracking_input
  UNION ALL SELECT input.run_id, 'context', tag.value FROM tracking_input AS input, json_each(input.tags) AS tag WHERE tag.key = 'mlflow.data.context')`;

/** Runs, as `tracking_run AS r`. */
export const RUNS: SearchSubject = {
  id: 'r.id',
  attributes: {
    run_id: { sql: 'r.id', type: 'text' },
    run_name: { sql: 'r.name', type: 'text' },
    experiment_id: { sql: 'r.experiment_id', type: 'text' },
    status: { sql: 'r.status', type: 'text', encode: lowerCase },
    user_id: { sql: 'r.user_id', type: 'text' },
    start_time: { sql: 'r.started_at', type: 'number' },
    created: { sql: 'r.started_at', type: 'number' },
    end_time: { sql: 'r.ended_at', type: 'number' },
    artifact_uri: {
      sql: `'mlflow-artifacts:/' || r.experiment_id || '/' || r.id || '/artifacts'`,
      type: 'text',
    },
  },
  tables: {
    metric: {
      table: 'tracking_series',
      owner: 'run_id',
      key: 'metric',
      value: 'latest_value',
      type: 'number',
    },
    param: { table: 'tracking_param', owner: 'run_id', key: 'key', value: 'value', type: 'text' },
    tag: { table: 'tracking_tag', owner: 'run_id', key: 'key', value: 'value', type: 'text' },
    dataset: { table: INPUT_PAIRS, owner: 'run_id', key: 'key', value: 'value', type: 'text' },
  },
  alias: ({ entity, name }) => (entity === 'tag' && name === 'mlflow.runName' ? 'run_name' : null),
};

/** Experiments, as `tracking_experiment AS e`. */
export const EXPERIMENTS: SearchSubject = {
  id: 'e.id',
  attributes: {
    name: { sql: 'e.name', type: 'text' },
    experiment_id: { sql: 'e.id', type: 'text' },
    creation_time: { sql: 'e.created_at', type: 'number' },
    last_update_time: { sql: 'e.updated_at', type: 'number' },
  },
  tables: {
    tag: {
      table: 'tracking_experiment_tag',
      owner: 'experiment_id',
      key: 'key',
      value: 'value',
      type: 'text',
    },
  },
};

const LOGGED_MODEL_PAIRS = `(SELECT model.id AS model_id, pair.key AS key, pair.value AS value FROM tracking_logged_model AS model, json_each(model.COLUMN) AS pair)`;

/** Logged models, as `tracking_logged_model AS m`. */
export const LOGGED_MODELS: SearchSubject = {
  id: 'm.id',
  attributes: {
    name: { sql: 'm.name', type: 'text' },
    model_id: { sql: 'm.id', type: 'text' },
    model_type: { sql: 'm.model_type', type: 'text' },
    source_run_id: { sql: 'm.run_id', type: 'text' },
    experiment_id: { sql: 'm.experiment_id', type: 'text' },
    status: { sql: 'm.status', type: 'text' },
    creation_timestamp: { sql: 'm.created_at', type: 'number' },
    creation_time: { sql: 'm.created_at', type: 'number' },
    last_updated_timestamp: { sql: 'm.updated_at', type: 'number' },
  },
  tables: {
    metric: {
      table: 'tracking_logged_model_metric',
      owner: 'model_id',
      key: 'metric',
      value: 'value',
      type: 'number',
    },
    param: {
      table: LOGGED_MODEL_PAIRS.replace('COLUMN', 'params'),
      owner: 'model_id',
      key: 'key',
      value: 'value',
      type: 'text',
    },
    tag: {
      table: LOGGED_MODEL_PAIRS.replace('COLUMN', 'tags'),
      owner: 'model_id',
      key: 'key',
      value: 'value',
      type: 'text',
    },
  },
};
