import { expect, it } from 'vitest';
import { openParts } from '../../../test/fixtures/engine-parts.ts';
import { TrackingRoom, trackingMigrations } from './index.ts';

it('keeps runs, latest values and points of a store that had the first tables', async () => {
  const parts = await openParts([{ ...trackingMigrations, steps: trackingMigrations.steps.slice(0, 1) }]);
  try {
    const run = (sql: string): unknown => parts.store.statement(sql).run();
    run(`INSERT INTO tracking_experiment VALUES ('e', 'Default', 5)`);
    run(
      `INSERT INTO tracking_run (id, experiment_id, name, status, started_at, ended_at) VALUES ('r', 'e', 'old', 'finished', 10, 20)`,
    );
    run(`INSERT INTO tracking_metric VALUES ('r', 'auc', 0.75), ('r', 'loss', 0.25)`);
    run(`INSERT INTO tracking_metric_point VALUES ('r', 'loss', 1, 0.5, 11), ('r', 'loss', 2, 0.25, 12)`);
    for (const step of trackingMigrations.steps.slice(1))
      for (const statement of step.split(';')) if (statement.trim() !== '') run(statement);
    const room = new TrackingRoom(parts);
    expect(room.get({ id: 'r' })).toMatchObject({
      experiment: 'Default e',
      metrics: { auc: 0.75, loss: 0.25 },
    });
    expect(room.history({ id: 'r', metric: 'loss' }).map(({ step, value }) => [step, value])).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
    expect(room.clients.history({ id: 'r', metric: 'auc', limit: 10 }).items).toEqual([
      { step: 0, at: 20, value: 0.75 },
    ]);
    expect(room.groups.get('0').name).toBe('Default');
  } finally {
    parts.close();
  }
});
