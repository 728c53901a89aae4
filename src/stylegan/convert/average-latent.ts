import { unsupported } from '../checkpoint/refusal.ts';
import type { FloatTensor } from '../tensor-map.ts';

/**
 * The mean of w, [w], from what tools store: [w] itself, or [num_ws, w] (also [1, num_ws, w]) with the same row for every layer.
 * @throws DatasetGanError `checkpoint-unsupported` for another length or rows that differ
 */
export function averageLatent({ dims, data }: FloatTensor, wDim: number): FloatTensor {
  const refuse = (what: string) =>
    unsupported(`The average latent ${what}.`, `Use an array of ${wDim} numbers, or of rows of ${wDim}.`);
  if (dims.at(-1) !== wDim || data.length === 0) throw refuse(`is [${dims}], but w has ${wDim} numbers`);
  for (let i = wDim; i < data.length; i++)
    if (!(Math.abs(data[i]! - data[i % wDim]!) <= 1e-4)) throw refuse('differs between layers');
  return { dims: [wDim], data: data.slice(0, wDim) };
}
