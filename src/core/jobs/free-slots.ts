import type { JobNeeds } from '../../shared/contract/types.ts';

/** A GPU, or a slice of one that is used by itself. */
export interface GpuSlot {
  readonly id: string;
  /** Null when unknown. */
  readonly memoryTotalBytes: number | null;
  /** What is really free now, whoever took the rest; null when unknown. */
  readonly memoryFreeBytes: number | null;
  /** There, and not to be trusted with work. */
  readonly isFailed: boolean;
}

export interface MachineSlots {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Null while the drivers were not asked: nobody is given one then. */
  readonly gpus: readonly GpuSlot[] | null;
}

/** What one job was given. */
export interface Claim {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus: readonly { readonly id: string; readonly memoryBytes: number | null }[];
}

/** A GPU is free as a whole when others (a desktop, for one) use no more than this share of its memory. */
const OTHERS_SHARE = 0.2;

/** What the claims of running jobs leave of a machine. */
export class FreeSlots {
  #cpus: number;
  #memoryBytes: number;
  readonly #gpus: readonly GpuSlot[] | null;
  /** Of a GPU's memory, in bytes; infinite where a job has it whole. */
  readonly #claimed = new Map<string, number>();
  /** Of that, what the drivers did not see taken yet. */
  readonly #promised = new Map<string, number>();

  /** `settled` are claims of jobs that have had the time to take what they were given. */
  constructor(machine: MachineSlots, settled: Iterable<Claim>) {
    this.#cpus = machine.cpus;
    this.#memoryBytes = machine.memoryBytes;
    this.#gpus = machine.gpus;
    for (const claim of settled) this.#deduct(claim);
  }

  /** Nothing more begins. */
  get isFull(): boolean {
    return this.#cpus === 0;
  }

  /** Null when the needs cannot be met now. Nothing is taken yet. */
  place(needs: JobNeeds): Claim | null {
    const memoryBytes = needs.memoryBytes ?? 0;
    if (needs.cpus > this.#cpus || memoryBytes > this.#memoryBytes) return null;
    const gpus = this.#choose(needs);
    if (gpus === null) return null;
    const claimed = gpus.map(({ id }) => ({ id, memoryBytes: needs.gpuMemoryBytes }));
    return { cpus: needs.cpus, memoryBytes, gpus: claimed };
  }

  take(claim: Claim): void {
    this.#deduct(claim);
    for (const gpu of claim.gpus) add(this.#promised, gpu);
  }

  /** Keeps what there is for a job that waits for more, so that smaller ones that came later do not overtake it for ever. */
  reserve(needs: JobNeeds): void {
    this.#cpus = Math.max(0, this.#cpus - needs.cpus);
    this.#memoryBytes = Math.max(0, this.#memoryBytes - (needs.memoryBytes ?? 0));
    const candidates = (this.#gpus ?? [])
      .filter((gpu) => couldEverFit(gpu, needs.gpuMemoryBytes))
      .sort((a, b) => this.#free(b) - this.#free(a));
    for (const { id } of candidates.slice(0, needs.gpus)) this.#claimed.set(id, Number.POSITIVE_INFINITY);
  }

  #deduct(claim: Claim): void {
    this.#cpus -= claim.cpus;
    this.#memoryBytes -= claim.memoryBytes;
    for (const gpu of claim.gpus) add(this.#claimed, gpu);
  }

  /**
   * Whole GPUs: those with most free memory. A part of one: the fullest that still has room, so that large ones stay free for
   * those who need them.
   */
  #choose({ gpus, gpuMemoryBytes }: JobNeeds): readonly GpuSlot[] | null {
    if (gpus === 0) return [];
    if (this.#gpus === null) return null;
    const fitting = this.#gpus.filter((gpu) => this.#fits(gpu, gpuMemoryBytes));
    if (fitting.length < gpus) return null;
    const order = gpuMemoryBytes === null ? -1 : 1;
    return fitting.sort((a, b) => order * (this.#free(a) - this.#free(b))).slice(0, gpus);
  }

  #fits(gpu: GpuSlot, memoryBytes: number | null): boolean {
    if (gpu.isFailed) return false;
    if (memoryBytes !== null) return this.#free(gpu) >= memoryBytes;
    if ((this.#claimed.get(gpu.id) ?? 0) > 0) return false;
    const { memoryTotalBytes: total, memoryFreeBytes: free } = gpu;
    return total === null || free === null || free >= total * (1 - OTHERS_SHARE);
  }

  /** Neither used by anybody nor promised to a job that has not taken it yet. */
  #free({ id, memoryTotalBytes, memoryFreeBytes }: GpuSlot): number {
    const unclaimed = less(memoryTotalBytes, this.#claimed.get(id));
    return Math.min(unclaimed, less(memoryFreeBytes, this.#promised.get(id)));
  }
}

function add(memory: Map<string, number>, { id, memoryBytes }: Claim['gpus'][number]): void {
  memory.set(id, (memory.get(id) ?? 0) + (memoryBytes ?? Number.POSITIVE_INFINITY));
}

/** A GPU of unknown memory has room for everything until it is given whole. */
const less = (bytes: number | null, taken = 0): number =>
  taken === Number.POSITIVE_INFINITY ? 0 : (bytes ?? Number.POSITIVE_INFINITY) - taken;

/** Whether a GPU that nobody uses would do. */
export const couldEverFit = (gpu: GpuSlot, memoryBytes: number | null): boolean =>
  !gpu.isFailed &&
  (memoryBytes === null || gpu.memoryTotalBytes === null || gpu.memoryTotalBytes >= memoryBytes);
