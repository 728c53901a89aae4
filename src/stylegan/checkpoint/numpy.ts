import { type ElementType, ITEM_SIZE, READ } from './element-type.ts';
import type { Buildable } from './pickle-objects.ts';
import { damaged, unsupported } from './refusal.ts';
import { denseStrides, type StridedArray } from './strided.ts';

const TYPES: Readonly<Record<string, ElementType>> = {
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
  i1: 'i8',
  i2: 'i16',
  i4: 'i32',
  i8: 'i64',
  u1: 'u8',
  u2: 'u16',
  u4: 'u32',
  u8: 'u64',
  b1: 'bool',
};

/** numpy's type of that code, such as `f4`. */
export function numpyType(code: string): ElementType {
  const type = TYPES[code];
  if (type !== undefined) return type;
  throw unsupported(`The file has an array of numpy type '${code}'.`, 'Use a file whose arrays hold numbers.');
}

/** `numpy.dtype(code)`; its state has the byte order second. */
export class NumpyDtype implements Buildable {
  readonly type: ElementType;
  littleEndian = true;

  constructor(args: readonly unknown[]) {
    const [code] = args;
    if (typeof code !== 'string') throw damaged('a numpy type has no name');
    this.type = numpyType(code);
  }

  build(state: unknown): void {
    if (!Array.isArray(state)) throw damaged('the state of a numpy type is malformed');
    this.littleEndian = state[1] !== '>';
  }
}

/** `numpy.core.multiarray._reconstruct(…)`, filled by its state (version, shape, dtype, is Fortran, bytes). */
export class NumpyArray implements Buildable {
  #array: StridedArray | undefined;

  get array(): StridedArray {
    if (this.#array === undefined) throw damaged('an array has no content');
    return this.#array;
  }

  build(state: unknown): void {
    if (!Array.isArray(state) || state.length !== 5) throw damaged('the state of a numpy array is malformed');
    const [, shape, dtype, fortran, data] = state;
    this.#array = dense(data, dtype, shape, fortran === true);
  }

  /** `numpy.core.numeric._frombuffer(bytes, dtype, shape, order)`, as protocol 5 has it. */
  static fromBuffer([data, dtype, shape, order]: readonly unknown[]): NumpyArray {
    const made = new NumpyArray();
    made.#array = dense(data, dtype, shape, order === 'F');
    return made;
  }
}

/** `numpy.core.multiarray.scalar(dtype, bytes)` */
export function numpyScalar([dtype, data]: readonly unknown[]): number {
  if (!(dtype instanceof NumpyDtype) || !(data instanceof Uint8Array) || data.length !== ITEM_SIZE[dtype.type])
    throw damaged('a numpy number is malformed');
  return READ[dtype.type](new DataView(data.buffer, data.byteOffset, data.length), 0, dtype.littleEndian);
}

function dense(data: unknown, dtype: unknown, shape: unknown, fortran: boolean): StridedArray {
  // Files of Python 2 have the bytes as text.
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  if (!(bytes instanceof Uint8Array) || !(dtype instanceof NumpyDtype) || !isShape(shape))
    throw damaged('a numpy array is malformed');
  const { type, littleEndian } = dtype;
  if (bytes.length !== ITEM_SIZE[type] * shape.reduce((product, size) => product * size, 1))
    throw damaged(`an array of [${shape}] has ${bytes.length} bytes`);
  return { type, littleEndian, bytes, offset: 0, dims: shape, strides: denseStrides(shape, fortran) };
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => typeof size === 'number');
}
