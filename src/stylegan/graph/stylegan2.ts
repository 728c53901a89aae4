import type { TensorMap } from '../tensor-map.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { mappingGraph } from './mapping.ts';
import { readStylegan2, type Stylegan2Settings } from './stylegan2-network.ts';
import { synthesisGraph } from './stylegan2-synthesis.ts';

/**
 * Builds both ONNX graphs of a StyleGAN2 from its tensors (names: readStylegan2).
 * @throws DatasetGanError `bad-generator` for tensors or settings that are no such network
 */
export function stylegan2Graphs(tensors: TensorMap, settings: Stylegan2Settings): GeneratorGraphs {
  const { lrMultiplier, resampleFilter, convClamp, epsilon } = settings;
  const network = readStylegan2(tensors, settings);
  const { model, tapSets } = synthesisGraph(network, settings);
  const { zDim, cDim, wDim, numWs, wAvg } = network.mapping;
  return {
    family: 'stylegan2',
    resolution: network.blocks.at(-1)!.resolution,
    zDim,
    cDim,
    wDim,
    numWs,
    epsilon,
    settings: { architecture: network.architecture, lrMultiplier, resampleFilter: resampleFilter, convClamp },
    mapping: mappingGraph(network.mapping),
    synthesis: model,
    tapSets,
    wAvg,
  };
}
