import { FalajError } from '../../shared/errors.ts';

export interface OutputStreams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Standard output that takes no more, such as a file on a full disk. */
export const outputError = (cause: NodeJS.ErrnoException): FalajError =>
  new FalajError(
    cause.code === 'ENOSPC' || cause.code === 'EDQUOT' ? 'DISK_FULL' : 'DISK_FAILED',
    `Standard output cannot be written (${cause.code ?? 'unknown reason'}).`,
    { hint: 'Send it somewhere else, or free some space.', cause },
  );

/** All that a command says. With `--json`, standard output holds exactly one document and nothing else. */
export class CommandOutput {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #streams: OutputStreams;

  constructor(options: { readonly json: boolean; readonly quiet: boolean; readonly streams: OutputStreams }) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.#streams = options.streams;
  }

  get errorStream(): OutputStreams['err'] {
    return this.#streams.err;
  }

  /** The command's result: the value itself for programs, `text` for people. */
  result(value: unknown, text: () => string): void {
    const shown = this.json ? JSON.stringify(value, null, 2) : text();
    if (shown !== '') this.#streams.out.write(`${shown}\n`);
  }

  /** One more line of a result that grows while it is watched; for people only. */
  line(text: string): void {
    if (!this.json) this.#streams.out.write(`${text}\n`);
  }

  /** About the work, not its result: on standard error, silenced by `--quiet`. */
  note(text: string): void {
    if (!this.quiet) this.#streams.err.write(`${text}\n`);
  }

  /** What must be seen whatever the flags, such as a recovery key that is shown once. */
  important(text: string): void {
    this.#streams.err.write(`${text}\n`);
  }

  error(error: FalajError, stack: string | undefined): void {
    if (this.json) {
      this.#streams.err.write(`${JSON.stringify({ error: error.toJSON() })}\n`);
    } else {
      this.#streams.err.write(`error[${error.code}]: ${error.message}\n`);
      if (error.hint !== '') this.#streams.err.write(`hint: ${error.hint}\n`);
    }
    if (stack !== undefined) this.#streams.err.write(`${stack}\n`);
  }
}
