import type { Model } from '../../onnx/model.ts';
import type { GeneratorCard } from '../generator-card.ts';

/** What a family's builder makes of a network's tensors; each family (one file in this folder) gives this. */
export interface GeneratorGraphs
  extends Pick<GeneratorCard, 'family' | 'resolution' | 'zDim' | 'cDim' | 'wDim' | 'numWs' | 'epsilon' | 'settings'> {
  /** `z` [N, zDim], `c` [N, cDim] where cDim > 0, `psi` [num_ws] → `ws` [N, num_ws, wDim]. */
  readonly mapping: Model;
  /** `ws` → `image` [N, 3, R, R] and `tap.NAME` [N, C, r, r] of every layer. */
  readonly synthesis: Model;
  /** Choices of layers whose outputs make up the feature vectors, by name; every family has `default`. */
  readonly tapSets: { readonly default: GeneratorCard['taps'] } & Readonly<Record<string, GeneratorCard['taps']>>;
  readonly wAvg: Float32Array;
}
