import type { MessagePort } from 'node:worker_threads';
import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { Preprocessing } from '../../numerics/preprocessing/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { CalibrationMethod, Evaluate, Learner, Task } from '../../shared/definitions/training.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { SliceColumn } from './slice-columns.ts';

/** What a training worker is started with. The arrays are shared, never copied; rows lie train, validation, test. */
export interface LearnRequest {
  /** Column-major: feature f of row r is at `f * rows + r`. */
  readonly matrix: Float32Array<SharedArrayBuffer>;
  readonly labels: Float32Array<SharedArrayBuffer>;
  readonly rows: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly featureNames: readonly string[];
  /** How raw columns become those of the matrix; the exported model reads the matrix itself where absent. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Features whose numbers stand for categories. */
  readonly categorical: readonly boolean[];
  /** How much each row counts; null where all count the same. */
  readonly weights: Float32Array<SharedArrayBuffer> | null;
  /** The trivial model's predictions for the test rows: one a row, or one per class and row. */
  readonly baseline: Float64Array<SharedArrayBuffer>;
  readonly task: Task;
  /** Names of the label's classes where there may be more than two. */
  readonly classes: readonly string[] | null;
  readonly learner: Learner;
  /** How chances are corrected on the validation part, if they are. */
  readonly calibrate?: CalibrationMethod | undefined;
  /** How the model is measured; defaults where absent. */
  readonly evaluate?: Evaluate | undefined;
  /** Groups of the test rows whose figures are given apart. */
  readonly slices?: readonly SliceColumn[] | undefined;
  /** From which a network goes on. */
  readonly checkpoint?: Uint8Array | undefined;
  readonly seed: number;
  /** Threads the learner may use. */
  readonly threads: number;
}

/** A learned model and how it did on the rows it has not seen. */
export interface LearnOutcome {
  readonly onnx: Uint8Array;
  /** Further files about the model, by their path beside it. */
  readonly files: Readonly<Record<string, string>>;
  readonly framework: string;
  readonly metrics: Record<string, number>;
  readonly evaluation: Evaluation;
  /** The learner's own predictions for the test rows, in order: one a row, or one per class and row. */
  readonly predictions: Float64Array;
  readonly timingsMs: { readonly fit: number; readonly evaluate: number; readonly export: number };
}

/** One trial of a search: each of its sets is learned from and measured on its validation part, and no model is kept. */
export interface TrialRequest {
  readonly trial: readonly LearnRequest[];
  /** Costs that are measured beside, as they take time of their own. */
  readonly costs: readonly string[];
}

export interface TrialFigures {
  /** On the validation part. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What the model costs. */
  readonly costs: Readonly<Record<string, number>>;
}

/** A thread's end of the bridge to a learner that runs in a process of its own. */
export interface BridgeEnd {
  readonly port: MessagePort;
  /** 1 when an answer lies at the port. */
  readonly answered: Int32Array<SharedArrayBuffer>;
}

export type OutsideQuestion =
  | { readonly kind: 'fit'; readonly request: LearnRequest }
  | { readonly kind: 'predict'; readonly rows: MatrixRows };

/** What a thread is started with. */
export interface ThreadStart {
  readonly asked: LearnRequest | TrialRequest;
  /** To whoever carries out a learner that runs in a process of its own. */
  readonly bridge?: BridgeEnd;
}

export type LearnMessage =
  | { readonly kind: 'outside'; readonly question: OutsideQuestion }
  | ({ readonly kind: 'measured' } & TrialFigures)
  | {
      readonly kind: 'iteration';
      readonly step: number;
      readonly of: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'checkpoint'; readonly bytes: Uint8Array }
  | { readonly kind: 'step'; readonly step: 'evaluate' | 'export' }
  | { readonly kind: 'done'; readonly outcome: LearnOutcome }
  | {
      readonly kind: 'failed';
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
    };
