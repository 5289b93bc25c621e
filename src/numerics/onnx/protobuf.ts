/** The parts of the protobuf wire format that an ONNX file needs (Protocol Buffers encoding guide: varint and length-delimited fields). */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  /** A varint field; negative numbers take ten bytes, as two's complement in 64 bits. */
  integer(field: number, value: number | bigint): this {
    return this.#add(varint(field * 8)).#add(varint(value));
  }

  float(field: number, value: number): this {
    return this.#add(varint(field * 8 + 5)).#add(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, body: Uint8Array): this {
    return this.#add(varint(field * 8 + 2))
      .#add(varint(body.length))
      .#add(body);
  }

  /** A field as another message has it, with its number in front. */
  raw(field: Uint8Array): this {
    return this.#add(field);
  }

  message(field: number, write: (message: MessageWriter) => void): this {
    const message = new MessageWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  /** Numbers as one packed field of little-endian float32. */
  packedFloats(field: number, values: ArrayLike<number>): this {
    return this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
  }

  packedIntegers(field: number, values: ArrayLike<number>): this {
    const body: number[] = [];
    for (let index = 0; index < values.length; index++)
      for (const byte of varint(values[index]!)) body.push(byte);
    return this.bytes(field, Uint8Array.from(body));
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#sizeBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  #add(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
