import { describe, expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import type { FalajError } from '../../shared/errors.ts';
import { createInProcessClient } from '../connect/in-process-client.ts';
import { createRouter } from './index.ts';

function tiny() {
  const engine = new TinyEngine();
  const unexpected: unknown[] = [];
  const client = createInProcessClient(createRouter(engine.asHosted(), (error) => unexpected.push(error)));
  return { engine, client, unexpected };
}

const failure = (call: Promise<unknown>): Promise<FalajError> =>
  call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: FalajError) => error,
  );

describe('the router', () => {
  it('hands a call to the room and its answer back', async () => {
    const { client } = tiny();
    expect(await client.workspace.status()).toMatchObject({ name: 'Tiny', state: 'open' });
    expect(await client.data.remove({ name: 'flights' })).toEqual({ removed: true });
  });

  it('starts a job of the right kind, with the defaults of the schema filled in', async () => {
    const { client, engine } = tiny();
    expect(await client.data.import({ name: 'flights', files: ['/a.csv'] })).toEqual({ job: 'job-1' });
    expect(engine.started).toEqual([
      {
        kind: 'data.import',
        input: {
          name: 'flights',
          files: ['/a.csv'],
          labels: [],
          purposes: [],
          every: 1,
          derive: [],
          mode: 'replace',
          keys: [],
        },
      },
    ]);
  });

  it('refuses a training that nobody defined before there is a job', async () => {
    const { client, engine } = tiny();
    const error = await failure(client.training.start({ name: 'nowhere' }));
    expect(error).toMatchObject({ code: 'NOT_FOUND' });
    expect(engine.started).toEqual([]);
  });

  it('lets a known error cross with code, hint and details', async () => {
    const error = await failure(tiny().client.data.get({ name: 'nowhere' }));
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no dataset "nowhere".',
      hint: 'See `falaj data ls`.',
      details: { name: 'nowhere' },
      status: 404,
    });
  });

  it('tells the log, not the caller, what an unexpected error says', async () => {
    const { client, unexpected } = tiny();
    const error = await failure(client.devices.list());
    expect(error.code).toBe('INTERNAL');
    expect(error.message).not.toContain('4711');
    expect(String(unexpected[0])).toContain('4711');
  });

  it('names the field of an input that does not fit, and never its value', async () => {
    const error = await failure(tiny().client.data.import({ name: '../etc/passwd', files: ['/a'] }));
    expect(error.code).toBe('BAD_INPUT');
    expect(error.message).toMatch(/^name: /);
    expect(JSON.stringify(error)).not.toContain('passwd');
  });

  it('treats an answer that breaks the contract as a defect', async () => {
    const { client, unexpected } = tiny();
    expect((await failure(client.data.profile({ name: 'flights' }))).code).toBe('INTERNAL');
    expect(unexpected).toHaveLength(1);
  });

  it('answers WORKSPACE_LOCKED from every room while locked', async () => {
    const { client, engine } = tiny();
    engine.state = 'locked';
    expect((await failure(client.data.list())).code).toBe('WORKSPACE_LOCKED');
    expect((await failure(client.demo.start({}))).code).toBe('WORKSPACE_LOCKED');
  });

  it('takes less than a millisecond for a call in process', async () => {
    const { client } = tiny();
    const timesMs: number[] = [];
    for (let call = 0; call < 500; call++) {
      const start = performance.now();
      await client.workspace.status();
      timesMs.push(performance.now() - start);
    }
    expect(timesMs.sort((a, b) => a - b)[250]).toBeLessThan(1);
  });
});
