import type { DeviceProcess, DeviceProcesses } from '../../../shared/contract/types.ts';
import { deviceMessage } from '../device-messages.ts';
import type { FoundDevice } from '../found-device.ts';
import type { Surroundings } from '../surroundings.ts';
import type { DeviceUse } from './device-use.ts';
import { type DrmProcess, scanDrmClients } from './drm-clients.ts';
import { busiestEngine, deviceMemoryBytes, type EngineWork } from './drm-usage.ts';
import { joinUses, readKfdProcesses } from './kfd-processes.ts';
import { readNvidiaProcesses } from './nvidia-processes.ts';
import { ProcessIdentities } from './process-identity.ts';

/** A look costs some milliseconds; several pages share one. */
const FRESH_MS = 1_000;
/** Work is compared with the look before only while that is about now. */
const COMPARABLE_MS = 30_000;

interface Work {
  readonly atMs: number;
  /** By device and client. */
  readonly clients: ReadonlyMap<string, ReadonlyMap<string, EngineWork>>;
}

export interface ProcessReaderOptions {
  readonly around: Surroundings;
  /** Whether a job is one of this workspace. */
  readonly isJob: (id: string) => boolean;
}

/** Who uses which device. Looks only when asked. */
export class ProcessReader {
  readonly #options: ProcessReaderOptions;
  readonly #identities: ProcessIdentities;
  #before: Work | null = null;
  #look: { readonly atMs: number; readonly answer: Promise<DeviceProcesses> } | null = null;

  constructor(options: ProcessReaderOptions) {
    this.#options = options;
    this.#identities = new ProcessIdentities(options.around);
  }

  read(devices: readonly FoundDevice[]): Promise<DeviceProcesses> {
    const now = this.#options.around.clock();
    if (this.#look === null || now - this.#look.atMs >= FRESH_MS)
      this.#look = { atMs: now, answer: this.#read(devices, now) };
    return this.#look.answer;
  }

  async #read(devices: readonly FoundDevice[], nowMs: number): Promise<DeviceProcesses> {
    const { around } = this.#options;
    const nvidia = devices.filter(({ kind }) => kind === 'cuda');
    const others = devices.filter(({ kind }) => kind === 'rocm' || kind === 'oneapi');
    const [listed, clients, computing] = await Promise.all([
      nvidia.length === 0 ? null : readNvidiaProcesses(around, nvidia),
      others.length === 0 || around.platform !== 'linux' ? null : scanDrmClients(around.procRoot),
      readKfdProcesses(around.sysRoot, others),
    ]);
    const uses = [
      ...(listed?.uses ?? []),
      ...joinUses(this.#drmUses(clients?.processes ?? [], others, nowMs), computing),
    ];
    const hidden = clients?.hidden ?? 0;
    const messages = [
      ...(listed?.trouble ? [listed.trouble] : []),
      ...(hidden > 0 ? [deviceMessage('processesHidden', { count: hidden })] : []),
    ];
    return {
      processes: (await this.#identified(uses)).sort(
        (one, other) => (other.memoryBytes ?? 0) - (one.memoryBytes ?? 0) || one.pid - other.pid,
      ),
      warnings: messages.map(({ text }) => text),
      warningMessages: messages,
    };
  }

  #drmUses(processes: readonly DrmProcess[], devices: readonly FoundDevice[], nowMs: number): DeviceUse[] {
    const before = this.#before !== null && nowMs - this.#before.atMs <= COMPARABLE_MS ? this.#before : null;
    const work = new Map<string, ReadonlyMap<string, EngineWork>>();
    const uses = processes.flatMap(({ pid, clients }) =>
      devices.flatMap(({ id, pciAddress, unifiedMemory }) => {
        const own = clients.filter((client) => client.pciAddress === pciAddress);
        if (own.length === 0) return [];
        const memory = own.flatMap((client) => deviceMemoryBytes(client, unifiedMemory) ?? []);
        const shares = own.flatMap(({ client, engines }) => {
          const key = `${id} ${client}`;
          work.set(key, engines);
          return busiestEngine(before?.clients.get(key), engines, nowMs - (before?.atMs ?? nowMs)) ?? [];
        });
        return [
          {
            device: id,
            pid,
            name: null,
            memoryBytes: memory.length === 0 ? null : memory.reduce((total, bytes) => total + bytes, 0),
            utilization:
              shares.length === 0
                ? null
                : Math.min(
                    1,
                    shares.reduce((sum, share) => sum + share, 0),
                  ),
          },
        ];
      }),
    );
    this.#before = { atMs: nowMs, clients: work };
    return uses;
  }

  async #identified(uses: readonly DeviceUse[]): Promise<DeviceProcess[]> {
    const { isJob } = this.#options;
    const identities = await this.#identities.of(uses.map(({ pid }) => pid));
    return uses.map((use) => {
      const { name, job, user, own } = identities.get(use.pid)!;
      return { ...use, user, own, name: use.name ?? name, job: job !== null && isJob(job) ? job : null };
    });
  }
}
