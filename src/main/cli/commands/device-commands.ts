import type { Command } from 'commander';
import type { DeviceReport, TelemetrySample } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/units.ts';
import { attachToRunning } from '../../connect/connect.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { createProgressDisplay } from '../progress-display.ts';
import { textFacts, textTable } from '../text-table.ts';

interface DeviceOptions {
  readonly verify?: boolean;
  readonly watch?: boolean;
}

export function addDeviceCommands(program: Command, run: CommandRunner): void {
  program
    .command('devices')
    .description('processors and accelerators: what is there, how busy, what was proved to compute')
    .option('--verify', 'run a small kernel on each in a process of its own')
    .option('--watch', 'show the load once a second until Ctrl-C')
    .action((options: DeviceOptions, command: Command) =>
      run(command, async (context) => {
        if (options.watch === true) return watchDevices(context);
        const report = options.verify === true ? await verifyDevices(context) : await listDevices(context);
        context.out.result(report, () => textReport(report));
        return undefined;
      }),
    );
}

/** Devices belong to the machine: they are shown without a workspace, and beside a busy one. */
async function listDevices(context: CommandContext): Promise<DeviceReport> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) return context.adopt(running).client.devices.list();
  const { openDevices } = await import('../local-devices.ts');
  return openDevices().list();
}

async function verifyDevices(context: CommandContext): Promise<DeviceReport> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) {
    const { client } = context.adopt(running);
    if ((await client.workspace.status()).state === 'open') {
      return (await context.runJob(client, () => client.devices.verify())) as DeviceReport;
    }
  }
  const { openDevices } = await import('../local-devices.ts');
  const display = createProgressDisplay(context.out.errorStream, {
    quiet: context.out.quiet,
    clock: Date.now,
  });
  try {
    return await openDevices().verify({
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
    });
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
  const subscription = openDevices((sample) => context.out.line(textSample(sample))).telemetry();
  await new Promise<void>((resolve) =>
    context.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  subscription.stop();
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
        ['Verified', (item) => (item.verified ? 'yes' : 'no')],
        ['Why', (item) => item.reason],
      ],
      `No accelerator was found: ${report.probes.map((probe) => `${probe.probe}: ${probe.outcome}`).join(', ')}.`,
    ),
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
