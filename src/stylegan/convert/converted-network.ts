import type { GeneratorGraphs } from '../graph/generator-graphs.ts';
import type { FloatTensor, TensorMap } from '../tensor-map.ts';

/** A generator taken out of a checkpoint, its tensors named as in NVIDIA's PyTorch networks (stylegan-formats: canonical form). */
export interface ConvertedNetwork {
  /** Program and kind of the network, for reports: `stylegan2-ada-pytorch, resnet`. */
  readonly origin: string;
  readonly tensors: Map<string, FloatTensor>;
  /** Builds both graphs of tensors of this network; they must have `mapping.w_avg` by then, which a file may lack. */
  readonly build: (tensors: TensorMap) => GeneratorGraphs;
  /** Length of w. */
  readonly wDim: number;
  /** psi acts on ws[l] for l < cutoff unless the user says otherwise; null: on all. */
  readonly cutoff: number | null;
  /** What was made in place of what the file lacks, one sentence each, for the user. */
  readonly notes: readonly string[];
  /** Source text of the network that the file carries; '' where it carries none. */
  readonly source: string;
}
