import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import { trainingDefinition } from '../../shared/definitions/training.ts';
import type { CallContext } from './call-context.ts';
import { createRouter, type RoutedEngine } from './index.ts';

const training = trainingDefinition.parse({
  kind: 'Training',
  name: 'forest',
  entities: { dataset: 'flights' },
  label: { column: 'delay' },
  task: 'regression',
  learner: { kind: 'python', script: 'train.py', code: { 'train.py': 'print(1)' } },
});

it('starts a script for the person at the machine alone, with the variables of their shell', async () => {
  const started: unknown[] = [];
  const engine = {
    ...new TinyEngine().asHosted(),
    rooms: {
      training: { get: () => training, keepEnvironment: () => 'kept-1' },
      jobs: {
        start: (kind: string, input: unknown) => {
          started.push([kind, input]);
          return { job: 'j1' };
        },
      },
    },
  } as unknown as RoutedEngine;
  const router = createRouter(engine, () => undefined);
  const input = { name: 'forest', environment: { PATH: '/bin' } };
  await expect(
    createRouterClient(router, { context: { mayStartPrograms: false } }).training.start(input),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  // A screen asks before it offers to.
  const sessionOf = (context: CallContext) => createRouterClient(router, { context }).workspace.session();
  expect(await sessionOf({ mayStartPrograms: false })).toEqual({ mayStartPrograms: false });
  expect(await sessionOf({})).toEqual({ mayStartPrograms: true });
  await createRouterClient(router, { context: {} }).training.start(input);
  expect(started).toEqual([['training.run', { name: 'forest', environmentId: 'kept-1' }]]);
});
