import { bitPackedRun, bitWidth } from './bits.ts';

/** Text as Parquet stores it: codes with the dictionary they point into, or the texts themselves. */
export interface TextValues {
  readonly values: Uint8Array;
  readonly dictionary: { readonly bytes: Uint8Array; readonly entries: number } | null;
}

/** More entries than this would not repay the dictionary. */
const MOST_ENTRIES = 2 ** 20;

/** The texts of one column, each encoded at most once for all its row groups. */
export class ColumnTexts {
  readonly #dictionary: readonly string[];
  readonly #bytes: (Uint8Array | undefined)[] = [];

  constructor(dictionary: readonly string[]) {
    this.#dictionary = dictionary;
  }

  /** @param codes of the present rows, into the column's dictionary. */
  encode(codes: Uint32Array): TextValues {
    const places = new Map<number, number>();
    const local = new Uint32Array(codes.length);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]!;
      let place = places.get(code);
      if (place === undefined) {
        place = places.size;
        places.set(code, place);
      }
      local[row] = place;
    }
    if (places.size > MOST_ENTRIES || places.size * 2 > Math.max(64, codes.length))
      return { values: this.#plain(codes), dictionary: null };
    const width = bitWidth(places.size);
    const run = bitPackedRun(local, width);
    const values = new Uint8Array(1 + run.length);
    values[0] = width;
    values.set(run, 1);
    return { values, dictionary: { bytes: this.#plain([...places.keys()]), entries: places.size } };
  }

  /** Each text with its length before it. */
  #plain(codes: Iterable<number>): Uint8Array {
    const texts: Uint8Array[] = [];
    let length = 0;
    for (const code of codes) {
      const bytes = this.#bytesOf(code);
      texts.push(bytes);
      length += 4 + bytes.length;
    }
    const out = new Uint8Array(length);
    const view = new DataView(out.buffer);
    let at = 0;
    for (const bytes of texts) {
      view.setUint32(at, bytes.length, true);
      out.set(bytes, at + 4);
      at += 4 + bytes.length;
    }
    return out;
  }

  #bytesOf(code: number): Uint8Array {
    let bytes = this.#bytes[code];
    if (bytes === undefined) {
      bytes = Buffer.from(this.#dictionary[code] ?? '', 'utf8');
      this.#bytes[code] = bytes;
    }
    return bytes;
  }
}
