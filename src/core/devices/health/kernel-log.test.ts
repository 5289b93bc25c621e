import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { answer, fixture, runOnly, surroundings } from '../../../../test/fixtures/devices/fake-commands.ts';
import { KernelLog } from './kernel-log.ts';

const NOW = Date.UTC(2026, 2, 4);
const START = NOW - 172_800_000;
const proc = { uptime: '172800.00 99.00\n' };
const xid = (seconds: number, number = 79): string =>
  `${((START + seconds * 1_000) / 1_000).toFixed(6)} host kernel: NVRM: Xid (PCI:0000:3b:00): ${number}, text\n`;

describe('the log of the kernel', () => {
  it('is read from /dev/kmsg, once, and what is new each time', async () => {
    const run = vi.fn();
    const around = surroundings({ proc, dev: { kmsg: fixture('kmsg.txt') }, clock: () => NOW, run });
    const log = new KernelLog(around);
    expect(log.events).toBeNull();
    expect(await log.read()).toBe(true);
    expect(log.access).toEqual({ source: 'kmsg', reason: null, messages: [] });
    expect(log.events?.map(({ kind, xid: number }) => number ?? kind)).toEqual([31, 94, 95, 'hang', 'reset']);
    expect(log.events?.[0]?.at).toBe(new Date(START + 86_400_000).toISOString());

    expect(await log.read()).toBe(false);
    const file = join(around.devRoot, 'kmsg');
    appendFileSync(file, '3,1208,172700000000,-;NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen ');
    expect(await log.read()).toBe(false);
    appendFileSync(file, 'off the bus.\n');
    expect(await log.read()).toBe(true);
    expect(log.events?.at(-1)?.xid).toBe(79);
    expect(run).not.toHaveBeenCalled();
    log.close();
  });

  it('is read from the journal where /dev/kmsg is closed, seldom, and only what is new', async () => {
    let now = NOW;
    const asked: string[] = [];
    const answers = [xid(10, 31) + xid(20), xid(20) + xid(30, 95), ''];
    const run = runOnly({ journalctl: () => answer(answers.shift() ?? '') }, asked);
    const log = new KernelLog(surroundings({ proc, run, clock: () => now }));
    expect(await log.read()).toBe(true);
    expect(log.access).toEqual({ source: 'journal', reason: null, messages: [] });
    expect(await log.read()).toBe(false);
    expect(asked).toHaveLength(1);
    now += 30_000;
    expect(await log.read()).toBe(true);
    expect(asked[1]).toContain(`--since=@${START / 1_000 + 20}`);
    expect(log.events?.map((event) => event.xid)).toEqual([31, 79, 95]);
    now += 30_000;
    expect(await log.read()).toBe(false);
    expect(log.access.source).toBe('journal');
  });

  it('is unknown with the reason where nobody may read it', async () => {
    const closed = new KernelLog(surroundings({ run: runOnly({ journalctl: () => answer('') }) }));
    expect(await closed.read()).toBe(false);
    expect(closed.events).toBeNull();
    expect(closed.access.source).toBeNull();
    expect(closed.access.reason).toMatch(
      /kmsg cannot be read \(ENOENT\)\. The journal shows nothing.*usermod/,
    );

    const bare = new KernelLog(surroundings());
    await bare.read();
    expect(bare.access.reason).toMatch(/There is no journal/);

    const elsewhere = new KernelLog(surroundings({ platform: 'win32' }));
    await elsewhere.read();
    expect(elsewhere.access.reason).toBe('The log of the kernel is read on Linux only.');
  });

  it('goes on when it is closed under it', async () => {
    const around = surroundings({ proc, dev: { kmsg: fixture('kmsg.txt') }, clock: () => NOW });
    const log = new KernelLog(around);
    await log.read();
    log.close();
    expect(await log.read()).toBe(false);
    expect(log.events).toHaveLength(5);
    log.close();
    rmSync(join(around.devRoot, 'kmsg'));
    expect(await log.read()).toBe(false);
    expect(log.access.source).toBeNull();
  });

  it('does not keep more than a number of events', async () => {
    const many = Array.from(
      { length: 900 },
      (_, at) => `4,${at},${at},-;NVRM: Xid (PCI:0000:3b:00): 13, ${at}\n`,
    );
    const log = new KernelLog(surroundings({ proc, dev: { kmsg: many.join('') } }));
    await log.read();
    expect(log.events).toHaveLength(500);
    expect(log.events?.at(-1)?.text).toMatch(/899$/);
  });
});
