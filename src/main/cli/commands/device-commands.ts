import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { DeviceRoom } from '../../../core/devices/index.ts';
import type {
  DeviceProcesses,
  DeviceReport,
  EngineClient,
  TelemetrySample,
} from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/units.ts';
import { attachToRunning } from '../../connect/connect.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { createProgressDisplay } from '../progress-display.ts';
import { textHealth, textHealthCauses, textProcesses } from '../text-device-health.ts';
import { textRunCheck } from '../text-run-check.ts';
import { textFacts, textTable } from '../text-table.ts';

interface DeviceOptions {
  readonly verify?: boolean;
  readonly watch?: boolean;
  readonly health?: boolean;
  readonly processes?: boolean;
}

/** Work since the look before is known only then. */
const SECOND_LOOK_MS = 1_100;

export function addDeviceCommands(program: Command, run: CommandRunner): void {
  const devices = program
    .command('devices')
    .description('processors and accelerators: what is there, how busy, what was proved to compute')
    .option('--verify', 'run a small kernel on each in a process of its own')
    .option('--watch', 'show the load once a second until Ctrl-C')
    .option('--health', 'show errors, limits and what the kernel log says of each device')
    .option('--processes', 'show who uses each device')
    .action((options: DeviceOptions, command: Command) =>
      run(command, async (context) => {
        if (options.watch === true) return watchDevices(context);
        const report = options.verify === true ? await verifyDevices(context) : await listDevices(context);
        const used = options.processes === true ? await readProcesses(context) : null;
        const document =
          used === null
            ? report
            : {
                ...report,
                processes: used.processes,
                warnings: [...report.warnings, ...used.warnings],
                warningMessages: [...report.warningMessages, ...used.warningMessages],
              };
        context.out.result(document, () =>
          [
            ...(options.health === true
              ? [textHealth(report)]
              : used === null || options.verify === true
                ? [textReport(report)]
                : []),
            ...(used === null ? [] : [textProcesses(used)]),
          ].join('\n\n'),
        );
        return undefined;
      }),
    );
  devices
    .command('can-run [model]')
    .description('where a version of a model (MODEL:VERSION, MODEL@ALIAS) or a training can run now, and why')
    .option('--training <name>', 'a training, instead of a model')
    .action((model: string | undefined, { training }: { training?: string }, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const found = await client.devices.canRun({
          ...(model === undefined ? {} : { reference: model }),
          ...(training === undefined ? {} : { training }),
        });
        context.out.result(found, () => textRunCheck(found));
        return undefined;
      }),
    );
}

/** Devices belong to the machine: they are shown without a workspace, and beside a busy one. */
async function listDevices(context: CommandContext): Promise<DeviceReport> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) return context.adopt(running).client.devices.list();
  return withOwnDevices((room) => room.list());
}

/** Without an engine: this process looks by itself. */
async function withOwnDevices<T>(work: (room: DeviceRoom) => Promise<T>): Promise<T> {
  const { openDevices } = await import('../local-devices.ts');
  const room = openDevices();
  try {
    return await work(room);
  } finally {
    room.close();
  }
}

async function readProcesses(context: CommandContext): Promise<DeviceProcesses> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) return lookTwice(context.adopt(running).client.devices);
  return withOwnDevices(lookTwice);
}

/** The drivers of AMD and Intel count work; how much it is now takes two looks. */
async function lookTwice(
  devices: Pick<EngineClient['devices'], 'processes'> | Pick<DeviceRoom, 'processes'>,
): Promise<DeviceProcesses> {
  const first = await devices.processes();
  if (first.processes.every(({ device }) => /^(?:GPU|MIG)-/.test(device))) return first;
  await sleep(SECOND_LOOK_MS);
  return devices.processes();
}

async function verifyDevices(context: CommandContext): Promise<DeviceReport> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) {
    const { client } = context.adopt(running);
    if ((await client.workspace.status()).state === 'open') {
      return (await context.runJob(client, () => client.devices.verify())) as DeviceReport;
    }
  }
  const display = createProgressDisplay(context.out.errorStream, {
    quiet: context.out.quiet,
    clock: Date.now,
  });
  try {
    return await withOwnDevices((room) =>
      room.verify({
        signal: context.signal,
        progress: ({ fraction, step, detail }) =>
          display.show({
            title: 'Verify devices',
            progress: {
              fraction: fraction ?? null,
              step: step ?? 'verify',
              detail: detail ?? '',
              ratePerSecond: null,
              unit: null,
              remainingMs: null,
            },
          }),
        log: () => undefined, // the report gives each device's reason
      }),
    );
  } finally {
    display.end();
  }
}

async function watchDevices(context: CommandContext): Promise<undefined> {
  if (context.out.json) {
    throw new FalajError('BAD_INPUT', '--watch never ends, and --json prints one document.', {
      hint: 'Leave one of the two out.',
    });
  }
  const running = await attachToRunning(context.workspace);
  if (running !== null) {
    const stream = await context
      .adopt(running)
      .client.live.follow({ topics: [{ topic: 'telemetry' }] }, { signal: context.signal });
    for await (const event of stream)
      if (event.topic === 'telemetry') context.out.line(textSample(event.sample));
    return undefined;
  }
  const { openDevices } = await import('../local-devices.ts');
  const room = openDevices((sample) => context.out.line(textSample(sample)));
  room.telemetry();
  await new Promise<void>((resolve) =>
    context.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  room.close();
  throw new FalajError('CANCELLED', 'Stopped.');
}

const share = (value: number | null): string => (value === null ? '–' : `${Math.round(value * 100)}%`);

const textSample = (sample: TelemetrySample): string =>
  [
    new Date(sample.at).toISOString().slice(11, 19),
    `CPU ${share(sample.cpuUtilization).padStart(4)}`,
    `memory ${formatBytes(sample.memoryUsedBytes)} of ${formatBytes(sample.memoryTotalBytes)}`,
    ...sample.accelerators.map((item) =>
      `${item.id} ${share(item.utilization)} ${item.memoryUsedBytes === null ? '' : formatBytes(item.memoryUsedBytes)}`.trim(),
    ),
  ].join('  ');

function textReport(report: DeviceReport): string {
  const { cpus, memory } = report;
  return [
    textFacts([
      ['CPU', cpus.model],
      [
        'Cores',
        `${cpus.effectiveCores} usable of ${cpus.logicalCores} logical, ${cpus.physicalCores} physical`,
      ],
      ['Instructions', cpus.instructionSets.join(' ')],
      [
        'Memory',
        `${formatBytes(memory.availableBytes)} free of ${formatBytes(memory.cgroupLimitBytes ?? memory.totalBytes)}`,
      ],
    ]),
    '',
    textTable(
      report.accelerators,
      [
        ['Accelerator', (item) => item.id],
        ['Name', (item) => item.name],
        [
          'Memory',
          (item) => (item.memoryTotalBytes === null ? null : formatBytes(item.memoryTotalBytes)),
          'right',
        ],
        ['Load', (item) => share(item.utilization), 'right'],
        ['Health', (item) => item.health.state],
        ['Verified', (item) => (item.verified ? 'yes' : 'no')],
        ['Why', (item) => item.reason],
      ],
      `No accelerator was found: ${report.probes.map((probe) => `${probe.probe}: ${probe.outcome}`).join(', ')}.`,
    ),
    ...textHealthCauses(report).map((line) => `\n${line}`),
    '',
    textTable(
      report.backends,
      [
        ['Backend', (backend) => backend.name],
        ['Usable', (backend) => (backend.available ? 'yes' : 'no')],
        ['Why', (backend) => backend.reason],
      ],
      'No backends.',
    ),
    ...report.warnings.map((warning) => `\nwarning: ${warning}`),
  ].join('\n');
}
