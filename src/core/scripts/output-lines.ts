import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A line longer than this is told in pieces: a program may never end its line. */
const LONGEST_LINE = 8_192;

/** Cuts a program's output into lines. A line that rewrites itself, as progress bars do, is told as it last was. */
export class OutputLines {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#tell(line);
    // Of a bar without end only the newest state is of use.
    const rewritten = this.#rest.lastIndexOf('\r');
    if (rewritten > 0 && rewritten < this.#rest.length - 1) this.#rest = this.#rest.slice(rewritten + 1);
    while (this.#rest.length > LONGEST_LINE) {
      this.#tell(this.#rest.slice(0, LONGEST_LINE));
      this.#rest = this.#rest.slice(LONGEST_LINE);
    }
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#tell(this.#rest);
    this.#rest = '';
  }

  #tell(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    // Colours and cursor movements of terminals mean nothing in a log.
    this.#onLine(stripVTControlCharacters(text.slice(text.lastIndexOf('\r') + 1)));
  }
}
