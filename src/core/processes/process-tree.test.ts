import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { endProcessTree, type ProcessTree, processesOf, treeOf } from './process-tree.ts';

const VARIABLE = 'FALAJ_TEST_TREE';

/** Runs a shell script as the leader of a group, and waits until it says that it is ready. */
async function start(script: string): Promise<ProcessTree> {
  const value = randomUUID();
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [VARIABLE]: value },
  });
  await once(child.stdout!, 'data');
  return treeOf(child.pid!, { variable: VARIABLE, value });
}

describe.skipIf(process.platform !== 'linux')('a tree of processes (needs /proc)', () => {
  it('is found whole and ended, whoever ignores the request to end', async () => {
    const tree = await start(
      "trap '' TERM; (trap '' TERM; sleep 300) & echo ready; while :; do sleep 300; done",
    );
    // The shell says that it is ready before its own sleep and its subshell's are there.
    await vi.waitFor(() => expect(processesOf(tree).length).toBeGreaterThanOrEqual(3), 10_000);
    await endProcessTree(tree, 200);
    expect(processesOf(tree)).toEqual([]);
  });

  it('has those too that left their group, their session and their parent', async () => {
    const tree = await start("setsid sh -c 'sleep 301 & sleep 302' > /dev/null 2>&1 & echo ready; sleep 300");
    await vi.waitFor(() => {
      expect(new Set(processesOf(tree).map(({ group }) => group)).size).toBe(2);
      expect(processesOf(tree).length).toBeGreaterThanOrEqual(4);
    }, 10_000);
    await endProcessTree(tree, 1000);
    expect(processesOf(tree)).toEqual([]);
  });

  it('is not another process that came to have its number', async () => {
    const tree = await start('echo ready; sleep 300');
    const other = {
      ...tree,
      startTicks: tree.startTicks! - 1,
      mark: { variable: VARIABLE, value: randomUUID() },
    };
    expect(processesOf(other)).toEqual([]);
    await endProcessTree(other, 100);
    expect(processesOf(tree).length).toBeGreaterThan(0);
    await endProcessTree(tree, 100);
  });

  it('is left alone as soon as it has ended by itself', async () => {
    const tree = await start("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    const startedAt = performance.now();
    await endProcessTree(tree, 10_000);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
