import type { ElementType } from './element-type.ts';
import { damaged } from './refusal.ts';
import type { StridedArray } from './strided.ts';

/** The data behind tensors; read from the file only when one of them is. */
export class TorchStorage {
  readonly #read: () => { type: ElementType; bytes: Uint8Array };

  constructor(read: () => { type: ElementType; bytes: Uint8Array }) {
    this.#read = read;
  }

  read(): { type: ElementType; bytes: Uint8Array } {
    return this.#read();
  }
}

/** A view of a storage, as `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` makes it. */
export class TorchTensor {
  readonly #storage: TorchStorage;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];

  constructor([storage, offset, dims, strides]: readonly unknown[]) {
    const sizes = (value: unknown): value is number[] =>
      Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!(storage instanceof TorchStorage) || !sizes([offset]) || !sizes(dims) || !sizes(strides))
      throw damaged('a tensor is malformed');
    this.#storage = storage;
    this.offset = offset as number;
    this.dims = dims;
    this.strides = strides;
  }

  array(): StridedArray {
    const { offset, dims, strides } = this;
    return { ...this.#storage.read(), littleEndian: true, offset, dims, strides };
  }
}
