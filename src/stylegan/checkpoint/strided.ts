import type { FloatTensor } from '../tensor-map.ts';
import { type ElementType, ITEM_SIZE, READ } from './element-type.ts';
import { damaged, excessive } from './refusal.ts';

/** Elements of an array as they are in a file. Strides and offset are in elements. */
export interface StridedArray {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

/** Strides of an array without gaps; Fortran order has the first axis run fastest. */
export function denseStrides(dims: readonly number[], fortran = false): number[] {
  const strides = new Array<number>(dims.length);
  let step = 1;
  for (let i = 0; i < dims.length; i++) {
    const axis = fortran ? i : dims.length - 1 - i;
    strides[axis] = step;
    step *= dims[axis]!;
  }
  return strides;
}

/** The numbers that may still be taken out of one file: twice its bytes, so that a small file cannot ask for a great array. */
export class Budget {
  #left: number;

  constructor(fileBytes: number) {
    this.#left = 2 * fileBytes + 4096;
  }

  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw excessive('its arrays together are larger than the file');
  }
}

/**
 * Copies an array out of its file as float32, row-major, whatever its order was.
 * @throws DatasetGanError `checkpoint-damaged` when it is not within its bytes, `checkpoint-hostile` past the budget
 */
export function gather(array: StridedArray, budget: Budget): FloatTensor {
  const { type, littleEndian, bytes, offset, dims, strides } = array;
  const count = elementsOf(dims);
  const size = ITEM_SIZE[type];
  checkBounds(array, Math.floor(bytes.length / size));
  budget.spend(4 * count);
  const dense = denseStrides(dims).every((stride, axis) => stride === strides[axis] || dims[axis] === 1);
  if (dense && type === 'f32' && littleEndian) {
    const from = bytes.subarray(4 * offset, 4 * (offset + count));
    const data = new Float32Array(count);
    new Uint8Array(data.buffer).set(from);
    return { dims, data };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READ[type];
  const data = new Float32Array(count);
  const index = new Array<number>(dims.length).fill(0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    data[i] = read(view, at * size, littleEndian);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      at -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return { dims, data };
}

function elementsOf(dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  if (!(count <= 2 ** 31)) throw excessive('an array of more than 2^31 numbers');
  return count;
}

function checkBounds({ offset, dims, strides }: StridedArray, available: number): void {
  const whole = [offset, ...dims, ...strides].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || dims.length !== strides.length || dims.length > 8) throw damaged('the shape of an array is malformed');
  if (dims.includes(0)) return;
  const last = dims.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, offset);
  if (last >= available) throw damaged('an array extends beyond its data');
}
