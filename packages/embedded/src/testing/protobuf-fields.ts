// Just enough of the protobuf wire format to read in a test what an exporter wrote: no schema, no generated code.

/** Numbers are varints and fixed-width values, bytes are text, bytes and messages alike. */
export type ProtobufField = { readonly number: number; readonly value: bigint | Uint8Array };

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** The fields of one message, in their order. Throws RangeError for a wire type that is none, or bytes that end early. */
export function protobufFields(bytes: Uint8Array): readonly ProtobufField[] {
  const reader = new Reader(bytes);
  const fields: ProtobufField[] = [];
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    fields.push({ number: tag >> 3, value: readValue(reader, tag & 7) });
  }
  return fields;
}

function readValue(reader: Reader, wireType: number): bigint | Uint8Array {
  if (wireType === VARINT) return reader.varint();
  if (wireType === BYTES) return reader.bytes(Number(reader.varint()));
  if (wireType === FIXED_64) return reader.fixed(8);
  if (wireType === FIXED_32) return reader.fixed(4);
  throw new RangeError(`${wireType} is no wire type of protobuf`);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** Little-endian. */
  fixed(length: number): bigint {
    return this.bytes(length).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the message ends in the middle of a field');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
