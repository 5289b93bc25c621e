const TYPES = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/**
 * Writes Thrift structures in the compact protocol, in which Parquet keeps its metadata (Thrift compact protocol
 * specification, sections "Struct encoding" and "List and set"). Fields are written in ascending order of their ids.
 */
export class CompactWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #lastField = 0;

  i32(field: number, value: number): void {
    this.#field(field, TYPES.i32);
    this.#zigzag(value);
  }

  /** A whole number up to 2^53 either way. */
  i64(field: number, value: number): void {
    this.#field(field, TYPES.i64);
    this.#zigzag(value);
  }

  bool(field: number, value: boolean): void {
    this.#field(field, value ? TYPES.true : TYPES.false);
  }

  binary(field: number, value: Uint8Array): void {
    this.#field(field, TYPES.binary);
    this.#blob(value);
  }

  text(field: number, value: string): void {
    this.binary(field, Buffer.from(value, 'utf8'));
  }

  struct(field: number, write: (writer: this) => void): void {
    this.#field(field, TYPES.struct);
    this.#nested(() => write(this));
  }

  structs<Item>(field: number, items: readonly Item[], write: (writer: this, item: Item) => void): void {
    this.#list(field, items.length, TYPES.struct);
    for (const item of items) this.#nested(() => write(this, item));
  }

  i32s(field: number, values: readonly number[]): void {
    this.#list(field, values.length, TYPES.i32);
    for (const value of values) this.#zigzag(value);
  }

  texts(field: number, values: readonly string[]): void {
    this.#list(field, values.length, TYPES.binary);
    for (const value of values) this.#blob(Buffer.from(value, 'utf8'));
  }

  /** Ends the outermost struct and gives its bytes. */
  finish(): Uint8Array {
    this.#byte(0);
    return this.#bytes.slice(0, this.#length);
  }

  #nested(write: () => void): void {
    const outer = this.#lastField;
    this.#lastField = 0;
    write();
    this.#byte(0);
    this.#lastField = outer;
  }

  #field(field: number, type: number): void {
    const step = field - this.#lastField;
    if (step > 0 && step <= 15) {
      this.#byte((step << 4) | type);
    } else {
      this.#byte(type);
      this.#zigzag(field);
    }
    this.#lastField = field;
  }

  #list(field: number, size: number, type: number): void {
    this.#field(field, TYPES.list);
    if (size < 15) {
      this.#byte((size << 4) | type);
    } else {
      this.#byte(0xf0 | type);
      this.#varint(size);
    }
  }

  #blob(value: Uint8Array): void {
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #zigzag(value: number): void {
    this.#varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
