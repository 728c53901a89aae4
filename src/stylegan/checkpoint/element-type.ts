/** Element types of the arrays in checkpoints. */
export type ElementType = 'f32' | 'f64' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u64' | 'u32' | 'u16' | 'u8' | 'bool';

/** Bytes of one element. */
export const ITEM_SIZE: Readonly<Record<ElementType, number>> = {
  f32: 4,
  f64: 8,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u64: 8,
  u32: 4,
  u16: 2,
  u8: 1,
  bool: 1,
};

type Read = (view: DataView, at: number, littleEndian: boolean) => number;

/** How one element is read as a number; integers beyond 2^53 are rounded. */
export const READ: Readonly<Record<ElementType, Read>> = {
  f32: (view, at, little) => view.getFloat32(at, little),
  f64: (view, at, little) => view.getFloat64(at, little),
  f16: (view, at, little) => float16(view.getUint16(at, little)),
  bf16: (view, at, little) => bfloat16(view.getUint16(at, little)),
  i64: (view, at, little) => Number(view.getBigInt64(at, little)),
  i32: (view, at, little) => view.getInt32(at, little),
  i16: (view, at, little) => view.getInt16(at, little),
  i8: (view, at) => view.getInt8(at),
  u64: (view, at, little) => Number(view.getBigUint64(at, little)),
  u32: (view, at, little) => view.getUint32(at, little),
  u16: (view, at, little) => view.getUint16(at, little),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at),
};

/** IEEE 754 binary16: (-1)^s · 2^(e - 15) · (1 + m / 1024), subnormal for e = 0, infinite or NaN for e = 31. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

const WORD = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  WORD.setUint32(0, bits * 2 ** 16);
  return WORD.getFloat32(0);
}
