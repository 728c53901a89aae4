import type { TensorMap } from '../tensor-map.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { mappingGraph } from './mapping.ts';
import { readStylegan1, type Stylegan1Settings } from './stylegan1-network.ts';
import { stylegan1Synthesis } from './stylegan1-synthesis.ts';

/**
 * Builds both ONNX graphs of a StyleGAN1 from its tensors (names: readStylegan1).
 * @throws DatasetGanError `bad-generator` for tensors that are no such network
 */
export function stylegan1Graphs(tensors: TensorMap, settings: Stylegan1Settings): GeneratorGraphs {
  const network = readStylegan1(tensors, settings);
  const { model, tapSets } = stylegan1Synthesis(network, settings);
  const { zDim, cDim, wDim, numWs, wAvg } = network.mapping;
  const { lrMultiplier, epsilon, fusedFrom } = settings;
  return {
    family: 'stylegan1',
    resolution: network.blocks.at(-1)!.resolution,
    zDim,
    cDim,
    wDim,
    numWs,
    epsilon,
    settings: { lrMultiplier, fusedFrom: Number.isFinite(fusedFrom) ? fusedFrom : null },
    mapping: mappingGraph(network.mapping),
    synthesis: model,
    tapSets,
    wAvg,
  };
}
