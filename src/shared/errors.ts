/**
 * Every error that a person may meet has a stable code. The code decides the HTTP status and the exit code of the
 * command line; the message says what happened, the hint what to do. Translations live in resources/i18n under `errors.CODE`.
 */
export const ERROR_CODES = {
  // usage and input, 4xx: exit 2 where what was asked is wrong (names, definitions, expressions), 1 where the data are
  BAD_INPUT: { status: 400, exit: 2 },
  BAD_NAME: { status: 400, exit: 2 },
  BAD_DEFINITION: { status: 400, exit: 2 },
  FILE_NOT_FOUND: { status: 404, exit: 5 },
  FILE_UNREADABLE: { status: 400, exit: 1 },
  FILE_CHANGED_WHILE_READING: { status: 409, exit: 1 },
  UNSUPPORTED_FORMAT: { status: 400, exit: 1 },
  MALFORMED_FILE: { status: 400, exit: 1 },
  NO_ROWS: { status: 400, exit: 1 },
  UNKNOWN_COLUMN: { status: 400, exit: 2 },
  TYPE_MISMATCH: { status: 400, exit: 1 },
  BAD_EXPRESSION: { status: 400, exit: 2 },
  TOO_LARGE: { status: 413, exit: 1 },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, exit: 1 },
  LABEL_UNUSABLE: { status: 400, exit: 1 },
  /** What a script handed back as its model. */
  MODEL_UNUSABLE: { status: 422, exit: 1 },
  /** Rows of an import are not what the dataset's definition expects. */
  EXPECTATION_FAILED: { status: 422, exit: 3 },
  // state
  NOT_FOUND: { status: 404, exit: 5 },
  ALREADY_EXISTS: { status: 409, exit: 1 },
  CONFLICT: { status: 409, exit: 1 },
  WORKSPACE_MISSING: { status: 404, exit: 5 },
  WORKSPACE_LOCKED: { status: 423, exit: 4 },
  WORKSPACE_IN_USE: { status: 423, exit: 4 },
  WORKSPACE_NOT_EMPTY: { status: 409, exit: 1 },
  SCHEMA_TOO_NEW: { status: 409, exit: 1 },
  WRONG_PASSPHRASE: { status: 403, exit: 4 },
  TOO_MANY_TRIES: { status: 429, exit: 4 },
  WEAK_PASSPHRASE: { status: 400, exit: 2 },
  VAULT_DAMAGED: { status: 500, exit: 3 },
  KEYCHAIN_UNAVAILABLE: { status: 409, exit: 1 },
  // integrity
  STORE_DAMAGED: { status: 500, exit: 3 },
  BLOB_DAMAGED: { status: 500, exit: 3 },
  BLOB_MISSING: { status: 500, exit: 3 },
  AUDIT_DAMAGED: { status: 500, exit: 3 },
  SIGNATURE_INVALID: { status: 409, exit: 3 },
  /** A registered folder of another program's model was asked to run here. */
  NOT_SERVABLE: { status: 409, exit: 1 },
  // surroundings
  DISK_FULL: { status: 507, exit: 1 },
  DISK_FAILED: { status: 500, exit: 1 },
  PORT_IN_USE: { status: 409, exit: 1 },
  NO_DISPLAY: { status: 409, exit: 1 },
  OUT_OF_MEMORY: { status: 507, exit: 1 },
  DEVICE_UNAVAILABLE: { status: 409, exit: 1 },
  CHILD_FAILED: { status: 500, exit: 1 },
  TIMED_OUT: { status: 504, exit: 1 },
  CANCELLED: { status: 499, exit: 130 },
  // connections
  UNREACHABLE: { status: 502, exit: 1 },
  CREDENTIALS_REFUSED: { status: 403, exit: 4 },
  // the door
  UNAUTHORIZED: { status: 401, exit: 4 },
  FORBIDDEN: { status: 403, exit: 4 },
  ENGINE_GONE: { status: 503, exit: 1 },
  ENGINE_FAILED_TO_START: { status: 503, exit: 1 },
  VERSION_MISMATCH: { status: 409, exit: 1 },
  INTERNAL: { status: 500, exit: 1 },
} as const satisfies Record<string, { status: number; exit: 1 | 2 | 3 | 4 | 5 | 130 }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface FalajErrorOptions {
  readonly hint?: string;
  /** Facts for a machine. Never secrets or keys; data values only where listing them is what the person asked for. */
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The one error class of the product. Unexpected errors are wrapped as INTERNAL at the boundary. */
export class FalajError extends Error {
  override readonly name = 'FalajError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: FalajErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? '';
    this.details = Object.freeze({ ...options.details });
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  toJSON(): { code: ErrorCode; message: string; hint: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);

export const isFalajError = (error: unknown): error is FalajError => error instanceof FalajError;

/** True when the person stopped the work: an AbortSignal fired or a job was cancelled. */
export const isCancellation = (error: unknown): boolean =>
  (isFalajError(error) && error.code === 'CANCELLED') ||
  (error instanceof Error && error.name === 'AbortError');

/** Wraps whatever was thrown so that the boundary always has a code. */
export function toFalajError(error: unknown): FalajError {
  if (isFalajError(error)) return error;
  if (isCancellation(error)) return new FalajError('CANCELLED', 'The work was stopped.', { cause: error });
  return new FalajError('INTERNAL', error instanceof Error ? error.message : String(error), {
    hint: 'This is a defect. Run again with --debug and report what it prints.',
    cause: error,
  });
}

/** For switch statements over unions: the compiler proves that nothing reaches it. */
export function assertNever(value: never): never {
  throw new FalajError('INTERNAL', `Unexpected value: ${JSON.stringify(value)}`);
}
