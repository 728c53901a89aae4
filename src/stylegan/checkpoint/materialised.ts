import type { FloatTensor } from '../tensor-map.ts';
import { damaged } from './refusal.ts';
import { type Budget, gather } from './strided.ts';
import { TorchTensor } from './torch-tensor.ts';

export const isTensor = (value: unknown): value is TorchTensor | FloatTensor =>
  value instanceof TorchTensor ||
  (typeof value === 'object' && value !== null && 'data' in value && value.data instanceof Float32Array);

/** The numbers of a tensor as float32, row-major. @throws DatasetGanError `checkpoint-damaged`, `checkpoint-hostile` past the budget */
export const materialised = (tensor: TorchTensor | FloatTensor, budget: Budget): FloatTensor =>
  tensor instanceof TorchTensor ? gather(tensor.array(), budget) : tensor;

/**
 * The tensors of a state dict by their names.
 * @throws DatasetGanError `checkpoint-damaged` for a value that is no tensor; `checkpoint-hostile` past the budget
 */
export function materialisedDict(state: ReadonlyMap<unknown, unknown>, budget: Budget): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  for (const [name, value] of state) {
    const text = String(name);
    if (!isTensor(value)) throw damaged(`'${text.slice(0, 100)}' is not a tensor`);
    tensors.set(text, materialised(value, budget));
  }
  return tensors;
}
