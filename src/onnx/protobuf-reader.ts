/** Protocol-buffer wire format, reading: one pass over a message's fields, nothing copied. Throws RangeError on truncation. */
export type Field =
  | { readonly number: number; readonly wire: 0; readonly value: bigint }
  | { readonly number: number; readonly wire: 2; readonly value: Uint8Array }
  | { readonly number: number; readonly wire: 5 | 1; readonly value: Uint8Array };

export function* fields(buffer: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= buffer.length) throw new RangeError('protobuf: truncated varint');
      const byte = buffer[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError('protobuf: varint longer than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > buffer.length - at) throw new RangeError('protobuf: truncated field');
    const view = buffer.subarray(at, at + length);
    at += length;
    return view;
  };
  while (at < buffer.length) {
    const key = Number(varint());
    const number = key >>> 3;
    switch (key & 7) {
      case 0:
        yield { number, wire: 0, value: varint() };
        break;
      case 1:
        yield { number, wire: 1, value: take(8) };
        break;
      case 2:
        yield { number, wire: 2, value: take(Number(varint())) };
        break;
      case 5:
        yield { number, wire: 5, value: take(4) };
        break;
      default:
        throw new RangeError(`protobuf: wire type ${key & 7} is not supported`);
    }
  }
}

const text = new TextDecoder('utf-8', { fatal: true });

export const toText = (field: Field): string => text.decode(field.value as Uint8Array);
export const toInteger = (field: Field): number => Number(BigInt.asIntN(64, field.value as bigint));

/** A repeated integer field, packed (wire type 2) or not. */
export function* toIntegers(field: Field): Generator<number> {
  if (field.wire === 0) {
    yield toInteger(field);
    return;
  }
  let value = 0n;
  let shift = 0n;
  for (const byte of field.value as Uint8Array) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) {
      yield Number(BigInt.asIntN(64, value));
      value = 0n;
      shift = 0n;
    }
  }
}

/** A repeated float field, packed or not. */
export function* toFloats(field: Field): Generator<number> {
  const bytes = field.value as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; at += 4) yield view.getFloat32(at, true);
}
