import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../fixtures/visit-lines.ts';
import { CLI } from './engine-support/programs.ts';

let folder: string;
let workspace: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ft-'));
  workspace = path.join(folder, 'workspace');
  writeFileSync(path.join(folder, 'visits.csv'), visitLines(6000, byChance));
  writeFileSync(
    path.join(folder, 'falaj.yaml'),
    [
      'kind: Training',
      'name: buy',
      'entities: {dataset: visits}',
      'columns: [price, town]',
      'label: {column: bought}',
      'task: binary',
      'learner: {kind: mlp, hidden: [64, 64], epochs: 400, batchRows: 32, checkpointSeconds: 0.2}',
      'register: {model: buyers}',
      '',
    ].join('\n'),
  );
  await done(['init', '--name', 'Tests']);
  await done(['data', 'import', 'visits.csv', '--name', 'visits', '--event-time', 'at']);
  await done(['apply', '-f', 'falaj.yaml']);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function falaj(args: readonly string[]) {
  return spawn(process.execPath, [CLI, ...args, '--json'], {
    cwd: folder,
    env: {
      ...process.env,
      FALAJ_WORKSPACE: workspace,
      FALAJ_PASSPHRASE: 'a passphrase for the tests 40',
      FALAJ_KEYRING: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end and gives what it printed. */
async function done(args: readonly string[]): Promise<unknown> {
  const child = falaj(args);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`falaj ${args.join(' ')} ended with ${String(code)}: ${err}`);
  return JSON.parse(out);
}

interface RunShown {
  readonly id: string;
  readonly status: string;
  readonly tags: Record<string, string>;
  readonly artifacts: readonly { readonly path: string }[];
}

const newestRun = async (): Promise<RunShown | undefined> => ((await done(['runs', 'ls'])) as RunShown[])[0];

describe('a training that is killed', () => {
  it('goes on from its checkpoint when its job is retried, to the same bytes', async () => {
    let killed: RunShown | undefined;
    // Longer each time: a busy machine may not have come to a checkpoint yet.
    for (let patienceMs = 4000; killed === undefined && patienceMs < 60_000; patienceMs *= 2) {
      const child = falaj(['train', 'buy', '--wait']);
      const ended = new Promise((resolve) => child.once('close', resolve));
      await wait(patienceMs);
      child.kill('SIGKILL');
      await ended;
      const run = await newestRun();
      if (run?.artifacts.some(({ path: file }) => file.startsWith('checkpoint/'))) killed = run;
    }
    expect(killed).toMatchObject({ status: 'failed' });
    const [job] = (await done(['jobs', 'ls'])) as { id: string; state: string }[];
    expect(job!.state).toBe('interrupted');
    await done(['jobs', 'retry', job!.id]);
    const resumed = await newestRun();
    expect(resumed).toMatchObject({ status: 'finished', tags: { resumedFrom: killed!.id } });

    await done(['train', 'buy', '--wait']);
    expect((await newestRun())!.tags).not.toHaveProperty('resumedFrom');
    const digests = await Promise.all(
      ['buyers:1', 'buyers:2'].map(
        async (name) => ((await done(['models', 'show', name])) as { digest: string }).digest,
      ),
    );
    expect(digests[1]).toBe(digests[0]);
  }, 300_000);
});
