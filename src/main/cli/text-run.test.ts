import { expect, it } from 'vitest';
import type { Run } from '../../shared/contract/types.ts';
import { textRun } from './text-run.ts';

const run: Run = {
  id: 'f00d',
  name: 'delays',
  experiment: 'flights',
  status: 'succeeded',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  params: { leaves: '31' },
  metrics: { auc: 0.75 },
  tags: { owner: 'Amal', 'mlflow.note.content': `two\nlines ${'x'.repeat(200)}` },
  data: [{ name: 'flights', version: 2, digest: 'a'.repeat(64) }],
  model: null,
} as unknown as Run;

it('shows metrics, parameters and tags of a run, a long tag by its beginning', () => {
  const lines = textRun(run, null).split('\n');
  expect(lines.slice(-3)).toEqual([
    expect.stringMatching(/^Tag +Value$/),
    expect.stringMatching(/^owner +Amal$/),
    expect.stringMatching(/^mlflow\.note\.content {2}two lines x+…$/),
  ]);
  expect(lines.at(-1)).toHaveLength('mlflow.note.content  '.length + 100);
});

it('says that a run has no tags', () => {
  expect(textRun({ ...run, tags: {} }, null)).toMatch(/No tags\.$/);
});
