/** What is asked to run, by what decides where it can. */
export type Workload =
  | {
      readonly kind: 'model';
      readonly sizeBytes: number;
      readonly isServable: boolean;
      /** Trees: no provider of ONNX Runtime for accelerators computes them. */
      readonly isTree: boolean;
    }
  | {
      readonly kind: 'training';
      readonly rows: number;
      readonly columns: number;
      readonly learnsOn: LearningDevices;
    };

/** Networks learn on accelerators too, unless the definition says otherwise; a script on what it chooses. */
export type LearningDevices = 'cpu' | 'any' | 'cpuChosen' | 'script';

const MIB = 2 ** 20;

/** A process with ONNX Runtime takes 110 MiB before it has a model (measured); the file and its weights are held once each. */
const SESSION_BYTES = 110 * MIB;
const MODEL_COPIES = 2;

/**
 * 20 columns of 400,000 rows took 210 to 290 MiB above the 200 MiB of an engine that learns, with each of the learners
 * (measured): the table, the matrix, its parts and what is evaluated.
 */
const ENGINE_BYTES = 200 * MIB;
const CELL_BYTES = 32;

/** A driver's context and its kernels; not measured on each, and meant to be enough. */
const ACCELERATOR_BYTES = 512 * MIB;
/** A network's rows and labels in single precision, with as much for gradients and activations. */
const ACCELERATOR_CELL_BYTES = 8;

/** About how much memory of the machine it takes. */
export const hostBytes = (workload: Workload): number =>
  workload.kind === 'model'
    ? SESSION_BYTES + MODEL_COPIES * workload.sizeBytes
    : ENGINE_BYTES + CELL_BYTES * workload.rows * workload.columns;

/** About how much memory of an accelerator it takes. */
export const acceleratorBytes = (workload: Workload): number =>
  ACCELERATOR_BYTES +
  (workload.kind === 'model'
    ? MODEL_COPIES * workload.sizeBytes
    : ACCELERATOR_CELL_BYTES * workload.rows * workload.columns);
