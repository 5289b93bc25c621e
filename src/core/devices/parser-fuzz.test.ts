import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answer,
  fixture,
  nvidiaProgram,
  type Program,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { amdUsage } from '../../../test/fixtures/devices/trees.ts';
import { parseProcessStat } from '../processes/index.ts';
import { parseComputeNode } from './amd-probe.ts';
import { probeApple } from './apple-probe.ts';
import { parseCgroupPaths } from './cgroup.ts';
import { parseCpuInfo } from './cpu-info.ts';
import { parseBadPages, parseErrorCount } from './health/card-figures.ts';
import { parseJournalLine, parseKernelEvent, parseKmsgRecord } from './health/kernel-events.ts';
import { nvidiaFigures } from './health/nvidia-figures.ts';
import { decodeAmdThrottling, decodeNvidiaThrottling } from './health/throttle-reasons.ts';
import { probeIntelTool } from './intel-probe.ts';
import { parseMemInfo } from './memory-info.ts';
import { NvidiaProbe } from './nvidia-probe.ts';
import { parseComputeApps } from './nvidia-query.ts';
import { parseIndentedReport, parseSliceList, parseSliceReport } from './nvidia-slices.ts';
import { parseSlowdownTemperatures } from './nvidia-temperatures.ts';
import { parsePciNames } from './pci-probe.ts';
import { parseProbeOutput } from './probe-result.ts';
import { parseDrmUsage } from './processes/drm-usage.ts';
import { parsePasswd, variableIn } from './processes/process-identity.ts';
import { nvidiaAlarm, parseNvidiaLoad } from './telemetry/accelerator-load.ts';
import { parseCpuTimes } from './telemetry/cpu-load.ts';
import { normalisePciAddress, parseLabel, parseNumberList, parseQuantity } from './values.ts';
import { probeWindows } from './windows-probe.ts';

const host = { totalBytes: 1e9, availableBytes: 5e8, cgroupLimitBytes: null };

/** A text with a random piece cut out: what a full pipe, a killed tool or a torn line leaves. */
const cutOf = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(text.length), fc.constantFrom('keep', 'drop'))
    .map(([one, other, how]) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      return how === 'keep' ? text.slice(from, to) : text.slice(0, from) + text.slice(to);
    });

/** A piece of a text. JSON is only torn so: with its middle gone an empty list may be left, which rightly says "none". */
const pieceOf = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(text.length))
    .map(([one, other]) => text.slice(Math.min(one, other), Math.max(one, other)));

const machines = [
  { csv: fixture('nvidia-whole.csv') },
  { csv: fixture('nvidia-unified.csv') },
  { csv: fixture('nvidia-eight.csv') },
  { csv: fixture('nvidia-windows.csv') },
  {
    csv: fixture('nvidia-health.csv'),
    help: fixture('nvidia-help.txt') + fixture('nvidia-health-help.txt'),
    temperatures: fixture('nvidia-temperatures.txt'),
  },
  {
    csv: fixture('nvidia-mig.csv'),
    list: fixture('nvidia-mig.list.txt'),
    report: fixture('nvidia-mig.report.txt'),
  },
].map((machine) => ({
  help: fixture('nvidia-help.txt'),
  ...machine,
  apps: 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a001, 7, 8, a, b\n',
}));

describe('outputs that are cut anywhere', () => {
  it('never make nvidia-smi throw or say that there is no device', async () => {
    const cut = fc
      .constantFrom(...machines)
      .chain((machine) =>
        fc.tuple(
          fc.constant(nvidiaProgram(machine)),
          fc.infiniteStream(fc.tuple(fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 }))),
        ),
      );
    await fc.assert(
      fc.asyncProperty(cut, async ([program, cuts]) => {
        const torn: Program = (args) => {
          const whole = program(args);
          const {
            value: [one, other],
          } = cuts.next() as { value: [number, number] };
          const at = (share: number): number => Math.round(share * whole.stdout.length);
          const stdout =
            whole.stdout.slice(0, at(Math.min(one, other))) + whole.stdout.slice(at(Math.max(one, other)));
          return { ...whole, stdout };
        };
        const { report, devices } = await new NvidiaProbe(
          surroundings({ run: runOnly({ 'nvidia-smi': torn }) }),
        ).probe(host);
        expect(report.outcome).not.toBe('none');
        expect(devices.length > 0).toBe(report.outcome === 'found');
        for (const device of devices) expect(device.name).not.toBe('');
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['xpu-smi', 'linux', 'xpu-smi.json', probeIntelTool],
    [
      'system_profiler',
      'darwin',
      'apple.json',
      (around: Parameters<typeof probeIntelTool>[0]) => probeApple(around, host),
    ],
    ['powershell.exe', 'win32', 'windows.json', probeWindows],
  ] as const)(
    'never make %s throw or say that there is no device',
    async (command, platform, file, probe) => {
      await fc.assert(
        fc.asyncProperty(pieceOf(fixture(file).trimEnd()), async (stdout) => {
          const { report } = await probe(
            surroundings({ platform, run: runOnly({ [command]: () => answer(stdout) }) }),
          );
          expect(['found', 'failed']).toContain(report.outcome);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('never make an error in the kernel log one of another device', () => {
    fc.assert(
      fc.property(cutOf(fixture('kmsg.txt')), (text) => {
        for (const line of text.split('\n')) {
          const record = parseKmsgRecord(line, 0);
          const event = record && parseKernelEvent(record.text, record.atMs);
          if (event) expect(['0000:1b:00.0', '0000:3b:00.0', '0000:03:00.0']).toContain(event.pciAddress);
        }
      }),
    );
  });

  it('never make a parser of text throw', () => {
    const parsers: ((text: string) => unknown)[] = [
      parseSliceReport,
      parseSliceList,
      parseIndentedReport,
      parseComputeApps,
      parseCpuInfo,
      parseMemInfo,
      parseCgroupPaths,
      parseCpuTimes,
      parsePciNames,
      parseProbeOutput,
      parseNumberList,
      parseQuantity,
      parseLabel,
      normalisePciAddress,
      (text) => parseComputeNode(text, null),
      parseSlowdownTemperatures,
      decodeNvidiaThrottling,
      (text) => decodeAmdThrottling(Buffer.from(text)),
      (text) => nvidiaFigures(new Map([['clocks_event_reasons.active', text]]), null),
      parseErrorCount,
      parseBadPages,
      (text) => parseKernelEvent(text, 0),
      (text) => parseKmsgRecord(text, 0),
      parseJournalLine,
      parseDrmUsage,
      parsePasswd,
      parseProcessStat,
      (text) => variableIn(text, 'FALAJ_JOB_ID'),
      (text) => parseNvidiaLoad(text, ['uuid', 'clocks_event_reasons.active']),
      (text) => nvidiaAlarm(text, ['uuid', 'gpu_recovery_action']),
    ];
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      ...machines.map((machine) => cutOf(machine.report ?? machine.csv)),
      cutOf(fixture('kmsg.txt')),
      cutOf(fixture('nvidia-temperatures.txt')),
      cutOf(amdUsage),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const parse of parsers) parse(text);
      }),
    );
  });
});

describe('numbers of tools', () => {
  it.each([
    '[N/A]',
    'N/A',
    '[Not Supported]',
    '[Unknown Error]',
    '[Function Not Found]',
    'ERR!',
    '',
    '[Requested functionality has been deprecated]',
    '0x0004',
    '12 34',
  ])('%j is no value', (text) => expect(parseQuantity(text)).toBeNull());

  it.each([
    ['0', 0],
    ['214.37 W', 214.37],
    ['63 %', 63],
    ['81559 MiB', 81_559],
    ['-3 C', -3],
  ])('%j is %d', (text, value) => expect(parseQuantity(text)).toBe(value));
});
