import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  answer,
  fixture,
  MISSING,
  nvidiaProgram,
  type Program,
  runOnly,
  surroundings,
} from '../../../../test/fixtures/devices/fake-commands.ts';
import { amdCard, amdHealth, memInfo, pciBus } from '../../../../test/fixtures/devices/trees.ts';
import { deviceReport } from '../../../shared/contract/devices.ts';
import type { HealthChange, LiveEvent } from '../../../shared/contract/types.ts';
import { DeviceRoom } from '../device-room.ts';
import { gpuSlots } from '../gpu-slots.ts';
import type { CommandResult, FollowCommand, Surroundings } from '../surroundings.ts';

const NOW = Date.UTC(2026, 2, 4);
const UUID = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0d';
const help = fixture('nvidia-help.txt') + fixture('nvidia-health-help.txt');
const csv = fixture('nvidia-health.csv');
const temperatures = fixture('nvidia-temperatures.txt');
const proc = { uptime: '172800.00 99.00\n', meminfo: memInfo };
const healthy = nvidiaProgram({ csv, help, temperatures });

/** A machine whose cards can be taken out, and whose time goes on. */
function machine({
  onSample = () => undefined,
  ...around
}: Partial<Parameters<typeof surroundings>[0]> & { readonly onSample?: () => void } = {}) {
  const state = { now: NOW, program: healthy as Program };
  const changes: HealthChange[] = [];
  const notified: string[] = [];
  const made: Surroundings = surroundings({
    proc,
    run: runOnly({ 'nvidia-smi': (args) => state.program(args) }),
    clock: () => state.now,
    ...around,
  });
  const room = new DeviceRoom({
    ...made,
    publish: (event: LiveEvent) => {
      if (event.topic === 'device-health') changes.push(event.change);
      if (event.topic === 'telemetry') onSample();
    },
    notify: (name) => notified.push(name),
    spawn: () => {
      throw new Error('Health starts no child of ours.');
    },
  });
  const look = async () => {
    state.now += 3_000;
    return deviceReport.parse(await room.list());
  };
  return { state, room, look, changes, notified, around: made };
}

/** The same machine without the cards whose line holds a text. */
const without =
  (text: string): Program =>
  (args): CommandResult => {
    const whole = healthy(args);
    const lines = whole.stdout.split('\n').filter((line) => !line.includes(text));
    return args[0]?.startsWith('--query-gpu') ? { ...whole, stdout: lines.join('\n') } : whole;
  };

describe('health in the report', () => {
  it('of each card, with figures and what they mean', async () => {
    const { accelerators, kernelLog } = await machine({ dev: { kmsg: fixture('kmsg.txt') } }).look();
    const [well, sick, old] = accelerators.map(({ health }) => health);
    expect(well).toMatchObject({
      state: 'ok',
      causes: [],
      correctedErrors: { value: 3, unknown: null },
      correctedErrorsEver: { value: 41, unknown: null },
      remappedRows: { value: 2, unknown: null },
      retiredPages: { value: null, unknown: 'unsupported' },
      slowdownMarginCelsius: { value: 26, unknown: null },
      throttling: { reasons: ['powerCap'], unknown: null },
    });
    expect(well?.kernelEvents?.map(({ xid }) => xid)).toEqual([31]);
    expect(sick?.state).toBe('failed');
    expect(sick?.causes.map(({ code, xid, count }) => [code, xid, count])).toEqual([
      ['xid', 95, 1],
      ['recoveryNeeded', null, null],
      ['xid', 94, 1],
      ['uncorrectedErrors', null, 2],
      ['repairPending', null, null],
      ['throttledByHeat', null, null],
    ]);
    // A card that tells its limit, and not how far it is.
    expect(old?.slowdownMarginCelsius).toEqual({ value: 97 - 41, unknown: null });
    expect(old?.retiredPages).toEqual({ value: 1, unknown: null });
    expect(kernelLog).toEqual({ source: 'kmsg', reason: null, messages: [] });
  });

  it('asks an old driver by its own names, and only once', async () => {
    const asked: string[] = [];
    const oldHelp = help
      .replace('"clocks_event_reasons.active" or ', '')
      .replace('"gpu_recovery_action"', '');
    const program = nvidiaProgram({ csv, help: oldHelp, temperatures });
    const { look } = machine({ run: runOnly({ 'nvidia-smi': program }, asked) });
    const { accelerators } = await look();
    await look();
    expect(accelerators[1]?.health.throttling.reasons).toContain('hardwareThermal');
    expect(asked.join('\n')).not.toContain('clocks_event_reasons');
    expect(asked.filter((line) => line.includes('TEMPERATURE'))).toHaveLength(1);
  });

  it('is unknown, and why, of what an old driver cannot be asked', async () => {
    const program = nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help: fixture('nvidia-help.txt') });
    const { accelerators, kernelLog } = await machine({ run: runOnly({ 'nvidia-smi': program }) }).look();
    expect(accelerators[0]?.health).toMatchObject({
      state: 'unknown',
      uncorrectedErrors: { value: null, unknown: 'notAsked' },
      throttling: { reasons: null, unknown: 'notAsked' },
      kernelEvents: null,
    });
    expect(kernelLog.reason).toMatch(/cannot be read/);
  });

  it('of an AMD card comes from sysfs and the kernel log', async () => {
    const sys = { ...amdCard, ...amdHealth };
    const { accelerators } = await machine({
      sys,
      run: async () => MISSING,
      dev: { kmsg: fixture('kmsg.txt') },
    }).look();
    expect(accelerators[0]?.health.state).toBe('degraded');
    expect(accelerators[0]?.health.causes.map(({ code }) => code)).toEqual([
      'reset',
      'uncorrectedErrors',
      'repairPending',
    ]);
  });

  it('of a slice is that of its card', async () => {
    const program = nvidiaProgram({
      csv: fixture('nvidia-mig.csv'),
      help: fixture('nvidia-help.txt'),
      list: fixture('nvidia-mig.list.txt'),
      report: fixture('nvidia-mig.report.txt'),
    });
    const kmsg = '3,1,1,-;NVRM: Xid (PCI:0000:1b:00): 95, Uncontained\n';
    const report = await machine({ run: runOnly({ 'nvidia-smi': program }), dev: { kmsg } }).look();
    expect(report.accelerators.map(({ health }) => health.state)).toEqual([
      'failed',
      'failed',
      'failed',
      'ok',
    ]);
    expect(gpuSlots(report).map(({ isFailed }) => isFailed)).toEqual([true, true, false]);
  });

  it('names a device that is in error and was not found at all', async () => {
    const kmsg = '3,1,1,-;NVRM: Xid (PCI:0000:aa:00): 79, GPU has fallen off the bus.\n';
    const { warnings } = await machine({ dev: { kmsg } }).look();
    expect(warnings.join()).toMatch(/a device at 0000:aa:00\.0 that was not found: NVRM: Xid/);
  });
});

describe('a device that is lost', () => {
  it('stays in the list as lost, gets no work, and is news once', async () => {
    const { state, look, changes, notified } = machine();
    await look();
    state.program = without('61d0b7a0d1');
    const report = await look();
    const lost = report.accelerators.find(({ id }) => id === `${UUID}1`);
    expect(lost).toMatchObject({ verified: false, memoryFreeBytes: null, temperatureCelsius: null });
    expect(lost?.health.causes.map(({ code }) => code)).toEqual(['vanished']);
    expect(gpuSlots(report).find(({ id }) => id === `${UUID}1`)?.isFailed).toBe(true);
    expect(changes).toMatchObject([{ device: `${UUID}1`, name: 'NVIDIA H200', state: 'failed' }]);
    expect(notified).toEqual(['devices']);
    await look();
    expect(changes).toHaveLength(1);
  });

  it('is well again when it is back', async () => {
    const { state, look, notified, changes } = machine();
    await look();
    state.program = without('61d0b7a0d1');
    await look();
    state.program = healthy;
    expect((await look()).accelerators.map(({ health }) => health.state)).toEqual(['ok', 'failed', 'ok']);
    // Pages ask again; a person is told of the loss alone.
    expect(notified).toHaveLength(2);
    expect(changes).toHaveLength(1);
  });

  it('is told from a driver that does not answer, also when the bus still has the card', async () => {
    const one = nvidiaProgram({
      csv: fixture('nvidia-whole.csv'),
      help: fixture('nvidia-help.txt'),
    });
    const { state, look } = machine({ sys: pciBus });
    state.program = one;
    await look();
    state.program = () => answer('', { exitCode: null, timedOut: true });
    const { accelerators } = await look();
    expect(accelerators.map(({ name, health }) => [name, health.causes[0]?.code])).toEqual([
      ['NVIDIA L40S', 'driverSilent'],
    ]);
  });

  it('is forgotten when a person verifies the devices', async () => {
    const { state, room, look } = machine();
    state.program = nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help: fixture('nvidia-help.txt') });
    await look();
    state.program = () => answer('No devices were found\n', { exitCode: 6 });
    expect((await look()).accelerators).toHaveLength(1);
    state.now += 3_000;
    const spawnless = room.verify({
      signal: new AbortController().signal,
      progress: () => undefined,
      log: () => undefined,
    });
    await expect(spawnless).rejects.toThrow('Health starts no child');
    expect((await look()).accelerators).toEqual([]);
  });
});

describe('health while somebody looks', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** Samples are taken one after the other until a condition holds; each begins when the one before has ended. */
  async function sampleUntil(condition: () => boolean): Promise<void> {
    for (; !condition(); await turn()) vi.runOnlyPendingTimers();
  }

  it('is looked at when the one long-lived reader shows an error, and costs no process before', async () => {
    let say: (line: string) => void = () => undefined;
    const followed: string[][] = [];
    const follow: FollowCommand = (_command, args, onLine) => {
      followed.push([...args]);
      say = onLine;
      return { exited: new Promise(() => undefined), stop: () => undefined };
    };
    const asked: string[] = [];
    let samples = 0;
    const { room, state, changes } = machine({
      follow,
      run: runOnly({ 'nvidia-smi': (args) => state.program(args) }, asked),
      onSample: () => samples++,
    });
    const twoSamples = (): Promise<void> => {
      const before = samples;
      return sampleUntil(() => samples >= before + 2);
    };
    const row = (errors: number): string =>
      `${UUID}1, 97, 1024, 611.2, 59, ${errors}, None, 0x0000000000000004`;
    const subscription = room.telemetry();
    await sampleUntil(() => followed.length > 0);
    expect(followed[0]?.[0]).toBe(
      '--query-gpu=uuid,utilization.gpu,memory.used,power.draw,temperature.gpu,ecc.errors.uncorrected.volatile.total,gpu_recovery_action,clocks_event_reasons.active',
    );
    say(row(0));
    await twoSamples();
    const before = asked.length;
    state.now += 4_000;
    say(row(0));
    await twoSamples();
    expect(asked).toHaveLength(before);

    state.program = nvidiaProgram({
      csv: csv.replace('Disabled, 3, 0, 41, 0', 'Disabled, 3, 1, 41, 1'),
      help,
      temperatures,
    });
    say(row(1));
    await sampleUntil(() => changes.length > 0);
    subscription.stop();
    expect(followed).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      device: `${UUID}1`,
      state: 'degraded',
      causes: [{ code: 'uncorrectedErrors', count: 1 }],
    });
  });
});
