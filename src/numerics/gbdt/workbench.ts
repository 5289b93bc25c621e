import type { Kernels } from './kernels.ts';

/** 256 sums of eight bytes. */
export const HISTOGRAM_BYTES_PER_FEATURE = 2048;

/** Where everything lies while trees grow: byte offsets into one memory. */
export interface Workbench {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly at: {
    readonly out: number;
    readonly binCounts: number;
    readonly score: number;
    readonly gradient: number;
    readonly heldScore: number;
    readonly records: number;
    readonly columns: number;
    readonly rows: number;
    readonly heldRows: number;
    readonly scratch: number;
    readonly histograms: number;
  };
  /** Bytes of a row's record. */
  readonly stride: number;
  /** Features in groups of eight. */
  readonly groups: number;
  readonly features: number;
  /** Training rows, rows held for validation, and both together. */
  readonly train: number;
  readonly held: number;
  readonly all: number;
  readonly histogramBytes: number;
}
