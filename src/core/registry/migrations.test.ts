import { expect, it } from 'vitest';
import { openParts } from '../../../test/fixtures/engine-parts.ts';
import { ModelRegistry, registryMigrations } from './index.ts';

it('keeps the models of a store that had the first tables, without labels', async () => {
  const parts = await openParts([{ ...registryMigrations, steps: registryMigrations.steps.slice(0, 1) }]);
  try {
    const run = (sql: string, ...values: (string | number)[]): unknown =>
      parts.store.statement(sql).run(...values);
    run(
      `INSERT INTO registry_model (name, last_version, updated_at) VALUES ('delay', 3, 90), ('empty', 2, 50)`,
    );
    const metadata = JSON.stringify({
      format: 'falaj-model/1',
      framework: 'falaj-gbdt',
      task: 'regression',
      inputs: [],
      outputs: [],
      features: [],
      metrics: { rmse: 2 },
      training: null,
      datasets: [],
    });
    for (const version of [2, 3])
      run(
        `INSERT INTO registry_version (model, version, digest, metadata, run_id, created_at) VALUES ('delay', ?, 'd', ?, 'r', ?)`,
        version,
        metadata,
        version * 10,
      );
    for (const step of registryMigrations.steps.slice(1))
      for (const statement of step.split(';')) if (statement.trim() !== '') run(statement);
    const registry = new ModelRegistry(parts);
    expect(registry.versions({ name: 'delay' })).toMatchObject([
      { version: 3, servable: true, source: null, stage: 'None', description: '', tags: {} },
      { version: 2, createdAt: '1970-01-01T00:00:00.020Z', updatedAt: '1970-01-01T00:00:00.020Z' },
    ]);
    expect(registry.model('delay')).toMatchObject({
      createdAt: '1970-01-01T00:00:00.020Z',
      metrics: { rmse: 2 },
    });
    expect(registry.model('empty')).toMatchObject({
      latestVersion: 0,
      createdAt: '1970-01-01T00:00:00.050Z',
    });
  } finally {
    parts.close();
  }
});
