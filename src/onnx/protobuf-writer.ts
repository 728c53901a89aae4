/** Protocol-buffer wire format, writing (https://protobuf.dev/programming-guides/encoding). Messages are lists of byte chunks. */
export type Chunks = Uint8Array[];

const text = new TextEncoder();

/** Base-128 varint of an integer; negative integers take ten bytes, as two's complement 64-bit. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

const key = (field: number, wireType: number) => varint((field << 3) | wireType);

export function integer(out: Chunks, field: number, value: number | bigint): void {
  out.push(key(field, 0), varint(value));
}

export function float(out: Chunks, field: number, value: number): void {
  out.push(key(field, 5), new Uint8Array(Float32Array.of(value).buffer));
}

export function bytes(out: Chunks, field: number, value: Uint8Array): void {
  out.push(key(field, 2), varint(value.byteLength), value);
}

export function string(out: Chunks, field: number, value: string): void {
  bytes(out, field, text.encode(value));
}

export function message(out: Chunks, field: number, inner: Chunks): void {
  out.push(key(field, 2), varint(byteLength(inner)), ...inner);
}

function byteLength(chunks: Chunks): number {
  let total = 0;
  for (const chunk of chunks) total += chunk.byteLength;
  return total;
}

/** All chunks as one buffer. */
export function concat(chunks: Chunks): Uint8Array {
  const out = new Uint8Array(byteLength(chunks));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}
