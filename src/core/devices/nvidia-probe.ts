import type { DeviceMessage, MemoryInfo } from '../../shared/contract/types.ts';
import { deviceMessage, quoted } from './device-messages.ts';
import { countDevices, type FoundDevice, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import { oneSpelling } from './health/nvidia-figures.ts';
import {
  GPU_FIELDS,
  OLDEST_GPU_FIELDS,
  parseGpuRows,
  parseRefusedField,
  parseSupportedFields,
} from './nvidia-query.ts';
import { parseSliceList, parseSliceReport } from './nvidia-slices.ts';
import { parseSlowdownTemperatures } from './nvidia-temperatures.ts';
import type { CommandResult, Surroundings } from './surroundings.ts';

const PROBE = 'nvidia-smi';
const COMMAND = 'nvidia-smi';
const TIMEOUT_MS = 5_000;

const ask = (around: Surroundings, ...args: string[]): Promise<CommandResult> =>
  around.run(COMMAND, args, { timeoutMs: TIMEOUT_MS });

const firstLine = (text: string): string => text.trim().split(/\r?\n/)[0]?.slice(0, 300) ?? '';

/** Why the driver does not answer, with the remedy where it is known. */
function explainFailure(result: CommandResult): DeviceMessage {
  if (result.timedOut) return deviceMessage('driverMayHang', { tool: COMMAND, seconds: TIMEOUT_MS / 1000 });
  const said = firstLine(result.stdout) || firstLine(result.stderr);
  const text = `${result.stdout}\n${result.stderr}`;
  if (/couldn't communicate with the NVIDIA driver/i.test(text)) {
    return deviceMessage('moduleNotLoaded', { said });
  }
  if (/version mismatch/i.test(text)) return deviceMessage('driverUpdated', { said });
  if (said !== '') return quoted(said);
  return result.exitCode === null
    ? deviceMessage('toolKilled', { tool: COMMAND })
    : deviceMessage('toolEnded', { tool: COMMAND, end: result.exitCode });
}

/** Probes NVIDIA devices through `nvidia-smi`. The list of fields is read once in a lifetime of the probe. */
export class NvidiaProbe {
  readonly #around: Surroundings;
  #fields: readonly string[] | null = null;
  #slowdownCelsius: Promise<ReadonlyMap<string, number>> | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Fields that this driver knows, of those wanted; settled by the first successful query. */
  async fields(): Promise<readonly string[]> {
    if (this.#fields) return this.#fields;
    const help = await ask(this.#around, '--help-query-gpu');
    const supported = parseSupportedFields(help.stdout);
    const known = oneSpelling(GPU_FIELDS.filter((field) => supported.has(field)));
    // A help text that was cut off must not cost the fields that join a device to other sources.
    const usable = help.exitCode === 0 && OLDEST_GPU_FIELDS.every((field) => supported.has(field));
    return usable ? known : OLDEST_GPU_FIELDS;
  }

  async probe(memory: MemoryInfo): Promise<ProbeFinding> {
    const around = this.#around;
    if (around.platform === 'darwin')
      return finding(PROBE, 'unavailable', deviceMessage('noNvidiaDriver', { system: 'macOS' }));
    let fields = await this.fields();
    let result = await this.#query(fields);
    for (let tries = 0; tries < GPU_FIELDS.length; tries++) {
      const refused = parseRefusedField(`${result.stdout}\n${result.stderr}`);
      if (refused === null || !fields.includes(refused) || refused === 'index') break;
      fields = fields.filter((field) => field !== refused);
      result = await this.#query(fields);
    }
    if (result.missing) return finding(PROBE, 'unavailable', deviceMessage('toolMissing', { tool: COMMAND }));

    const cards = parseGpuRows(result.stdout, fields, memory, await this.#limits(result));
    if (cards.length === 0) {
      const none = /No devices were found/i.test(`${result.stdout}\n${result.stderr}`);
      return none
        ? finding(PROBE, 'none', deviceMessage('driverFoundNone'))
        : finding(PROBE, 'failed', explainFailure(result));
    }
    if (result.exitCode === 0) this.#fields = fields;
    const devices = await this.#withSlices(cards);
    const trouble = result.exitCode === 0 ? [] : [explainFailure(result)];
    return finding(PROBE, 'found', [countDevices(devices.length), ...trouble], devices);
  }

  /** Temperatures at which the cards slow down do not change: asked once, of a driver that answers. */
  async #limits({ exitCode }: CommandResult): Promise<ReadonlyMap<string, number>> {
    if (exitCode !== 0) return (await this.#slowdownCelsius) ?? new Map();
    this.#slowdownCelsius ??= ask(this.#around, '-q', '-d', 'TEMPERATURE').then((report) => {
      if (report.exitCode !== 0) this.#slowdownCelsius = null;
      return parseSlowdownTemperatures(report.stdout);
    });
    return this.#slowdownCelsius;
  }

  #query(fields: readonly string[]): Promise<CommandResult> {
    return ask(this.#around, `--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits');
  }

  async #withSlices(cards: readonly FoundDevice[]): Promise<readonly FoundDevice[]> {
    if (!cards.some((card) => card.split)) return cards;
    const [list, report] = await Promise.all([ask(this.#around, '-L'), ask(this.#around, '-q')]);
    const listed = parseSliceList(list.stdout);
    const { slices } = parseSliceReport(report.stdout);
    const withSlices: FoundDevice[] = [];
    for (const card of cards) {
      withSlices.push(card);
      if (!card.split) continue;
      for (const slice of listed.filter((candidate) => candidate.parentUuid === card.id)) {
        const facts = slices.find(
          (candidate) => candidate.parentUuid === card.id && candidate.index === slice.index,
        );
        withSlices.push(
          foundDevice({
            id: slice.uuid,
            kind: 'cuda',
            vendor: 'NVIDIA',
            name: `${card.name} MIG ${slice.profile}`,
            parent: card.id,
            memoryTotalBytes: facts?.memoryTotalBytes ?? null,
            memoryFreeBytes: facts?.memoryFreeBytes ?? null,
            driverVersion: card.driverVersion,
            computeCapability: card.computeCapability,
            index: slice.index,
            sources: [PROBE],
          }),
        );
      }
    }
    return withSlices;
  }
}
