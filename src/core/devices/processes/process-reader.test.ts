import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answer,
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../../test/fixtures/devices/fake-commands.ts';
import {
  amdCard,
  amdUsage,
  intelDiscrete,
  memInfo,
  xeUsage,
} from '../../../../test/fixtures/devices/trees.ts';
import { deviceProcesses } from '../../../shared/contract/devices.ts';
import { DeviceRoom } from '../device-room.ts';
import type { Surroundings } from '../surroundings.ts';

const ENGINE = 4_000_000;
const UUID = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0';
const passwd = 'root:x:0:0::/root:/bin/sh\nsara:x:1001:1001::/home/sara:/bin/bash\n';
const JOB = '7b0c1c5e-9a52-4d3e-8f7e-2f6f4f6a9b10';

const person = (pid: number, parent: number, command: string, environment = '') => ({
  [`${pid}/cmdline`]: `${command}\0--password\0secret\0`,
  [`${pid}/status`]: `Name:\t${command.slice(0, 15)}\nUid:\t1001\t1001\t1001\t1001\n`,
  [`${pid}/stat`]: `${pid} (a (b) c) S ${parent} 1 1`,
  [`${pid}/environ`]: environment,
});

function roomOf(around: Surroundings, isJob: (id: string) => boolean = () => true) {
  return new DeviceRoom({
    ...around,
    publish: () => undefined,
    notify: () => undefined,
    isJob,
    spawn: () => {
      throw new Error('Nobody is started to look.');
    },
  });
}

describe('who uses an NVIDIA device', () => {
  const csv = fixture('nvidia-whole.csv');
  const help = fixture('nvidia-help.txt');
  const apps = `${UUID}01, 4000002, 370, /opt/node\n${UUID}01, 99, [N/A], /usr/bin/other\n${UUID}01, 77, 900, python\n`;
  const proc = {
    meminfo: memInfo,
    ...person(4_000_002, 4_000_001, '/opt/node'),
    '4000001/stat': `4000001 (node) S ${ENGINE} 1 1`,
    ...person(77, 1, '/usr/bin/python', `PATH=/bin\0FALAJ_JOB_ID=${JOB}\0`),
    '99/status': 'Name:\tother\nUid:\t0\t0\t0\t0\n',
    '99/stat': '99 (other) S 1 1 1',
  };

  it('is told with name, person, memory and job; the largest first', async () => {
    const run = runOnly({ 'nvidia-smi': nvidiaProgram({ csv, help, apps }) });
    const { processes, warnings } = deviceProcesses.parse(
      await roomOf(surroundings({ run, proc, passwd })).processes(),
    );
    expect(processes).toEqual([
      {
        device: `${UUID}01`,
        pid: 77,
        name: 'python',
        user: 'sara',
        memoryBytes: 900 * 2 ** 20,
        utilization: null,
        own: true,
        job: JOB,
      },
      {
        device: `${UUID}01`,
        pid: 4_000_002,
        name: '/opt/node',
        user: 'sara',
        memoryBytes: 370 * 2 ** 20,
        utilization: null,
        own: true,
        job: null,
      },
      {
        device: `${UUID}01`,
        pid: 99,
        name: '/usr/bin/other',
        user: 'root',
        memoryBytes: null,
        utilization: null,
        own: false,
        job: null,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it("names no job that is another workspace's", async () => {
    const run = runOnly({ 'nvidia-smi': nvidiaProgram({ csv, help, apps }) });
    const { processes } = await roomOf(surroundings({ run, proc, passwd }), () => false).processes();
    expect(processes[0]).toMatchObject({ pid: 77, own: true, job: null });
  });

  it('is told by slice where the card is cut into slices', async () => {
    const run = runOnly({
      'nvidia-smi': nvidiaProgram({
        csv: fixture('nvidia-mig.csv'),
        help,
        list: fixture('nvidia-mig.list.txt'),
        report: fixture('nvidia-mig.report.txt'),
        apps: `${UUID}a1, 7101, 4096, /opt/lab/train, fold 3\n${UUID}a1, 7109, [N/A], late\n`,
      }),
    });
    const { processes } = await roomOf(surroundings({ run, proc: { meminfo: memInfo } })).processes();
    expect(
      processes.map(({ device, pid, name, memoryBytes }) => [device.slice(0, 12), pid, name, memoryBytes]),
    ).toEqual([
      ['MIG-0f7c9a10', 7101, '/opt/lab/train, fold 3', 4_096 * 2 ** 20],
      [expect.stringMatching(/^MIG-/), 7102, './score', 512 * 2 ** 20],
      [expect.stringMatching(/^MIG-/), 7103, './score', null],
      ['GPU-5a1e0c11', 7109, 'late', null],
    ]);
  });

  it('may not be told: then that is said', async () => {
    const whole = nvidiaProgram({ csv, help });
    const run = runOnly({
      'nvidia-smi': (args) =>
        args[0]?.includes('apps') ? answer('', { exitCode: null, timedOut: true }) : whole(args),
    });
    expect(await roomOf(surroundings({ run, proc: { meminfo: memInfo } })).processes()).toEqual({
      processes: [],
      warnings: ['nvidia-smi did not list the processes.'],
      warningMessages: [expect.objectContaining({ code: 'processesNotListed' })],
    });
  });
});

describe('who uses a device of AMD or Intel', () => {
  const link = (around: Surroundings, pid: number, number: number, target: string): void => {
    mkdirSync(join(around.procRoot, `${pid}/fd`), { recursive: true });
    symlinkSync(target, join(around.procRoot, `${pid}/fd/${number}`));
  };

  it('is counted by the kernel, once a client, and work since the look before', async () => {
    let now = 1_000_000;
    const proc = {
      meminfo: memInfo,
      ...person(501, 1, '/opt/venv/bin/python'),
      '501/fdinfo/0': 'pos:\t0\n',
      '501/fdinfo/8': amdUsage,
      '501/fdinfo/9': amdUsage,
      ...person(502, ENGINE, '/usr/bin/falaj'),
      '502/fdinfo/4': xeUsage,
      ...person(503, 1, 'hidden'),
      '2/stat': '2 (kthreadd) S 0 0 0 0 -1 2129984 0',
    };
    const around = surroundings({ sys: intelDiscrete, proc, passwd, clock: () => now });
    link(around, 501, 0, '/dev/null');
    link(around, 501, 8, '/dev/dri/renderD128');
    const room = roomOf(around);
    const ids = (await room.list()).accelerators.map(({ id }) => id);
    const first = await room.processes();
    expect(first.processes.map(({ utilization }) => utilization)).toEqual(first.processes.map(() => null));
    writeFileSync(
      join(around.procRoot, '502/fdinfo/4'),
      xeUsage.replace('ccs:\t1000\n', 'ccs:\t3000\n').replace('100000', '101000'),
    );
    now += 2_000;
    const { processes, warnings } = await room.processes();
    expect(ids).toEqual(['0000:3a:00.0']);
    expect(processes).toEqual([
      {
        device: '0000:3a:00.0',
        pid: 502,
        name: 'falaj',
        user: 'sara',
        memoryBytes: 24 * 2 ** 20,
        utilization: 0.5,
        own: true,
        job: null,
      },
    ]);
    expect(warnings.join()).toMatch(/^1 process of other users/);
  });

  it('is read together for all who ask at once', async () => {
    const proc = { meminfo: memInfo, ...person(501, 1, 'python'), '501/fdinfo/8': amdUsage };
    const room = roomOf(surroundings({ sys: amdCard, proc, passwd }));
    const [one, other] = await Promise.all([room.processes(), room.processes()]);
    expect(one).toBe(other);
    expect(one.processes).toMatchObject([{ pid: 501, name: 'python', memoryBytes: 2 ** 31 }]);
  });

  it('is known from the first look on: a process is read once, however often it is looked at', async () => {
    let now = 1_000_000;
    const proc = { meminfo: memInfo, ...person(501, 1, '/bin/first'), '501/fdinfo/8': amdUsage };
    const around = surroundings({ sys: amdCard, proc, passwd, clock: () => now });
    const room = roomOf(around);
    const nameAt = async (stat: string): Promise<string | null | undefined> => {
      now += 5_000;
      writeFileSync(join(around.procRoot, '501/stat'), stat);
      return (await room.processes()).processes[0]?.name;
    };
    const started = (ticks: number): string => `501 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${ticks} 0`;
    expect(await nameAt(started(700))).toBe('first');
    writeFileSync(join(around.procRoot, '501/cmdline'), '/bin/second\0');
    expect(await nameAt(started(700))).toBe('first');
    // The number is used again.
    expect(await nameAt(started(900))).toBe('second');
  });

  it("is seen of other people's programs too where they compute with ROCm", async () => {
    const kfd = 'class/kfd/kfd';
    const sys = {
      ...amdCard,
      [`${kfd}/topology/nodes/1/gpu_id`]: '51234\n',
      [`${kfd}/proc/501/vram_51234`]: '1073741824\n',
      [`${kfd}/proc/777/vram_51234`]: '4294967296\n',
      [`${kfd}/proc/888/vram_51234`]: '0\n',
    };
    const proc = {
      meminfo: memInfo,
      ...person(501, 1, '/bin/python'),
      '501/fdinfo/8': amdUsage,
      '777/status': 'Name:\ttrain\nUid:\t0\t0\t0\t0\n',
      '777/stat': '777 (train) S 1 1 1 0 -1 0 0',
    };
    const { processes } = await roomOf(surroundings({ sys, proc, passwd })).processes();
    expect(processes.map(({ pid, name, user, memoryBytes }) => [pid, name, user, memoryBytes])).toEqual([
      [777, 'train', 'root', 2 ** 32],
      [501, 'python', 'sara', 2 ** 31],
    ]);
  });
});
