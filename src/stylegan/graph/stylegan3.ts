import type { TensorMap } from '../tensor-map.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { mappingGraph } from './mapping.ts';
import { readStylegan3, type Stylegan3Settings } from './stylegan3-network.ts';
import { stylegan3Synthesis } from './stylegan3-synthesis.ts';

/**
 * Builds both ONNX graphs of a StyleGAN3 (T or R) from its tensors (names: readStylegan3).
 * @throws DatasetGanError `bad-generator` for tensors or settings that are no such network
 */
export function stylegan3Graphs(tensors: TensorMap, settings: Stylegan3Settings): GeneratorGraphs {
  const network = readStylegan3(tensors, settings);
  const { model, tapSets } = stylegan3Synthesis(network, settings);
  const { zDim, cDim, wDim, numWs, wAvg, epsilon } = network.mapping;
  const layers = network.layers.map(({ name, up, down, padding, inSize, outSize, samplingRate, clamp }) => [
    name,
    [up, down, ...padding, inSize, outSize, samplingRate, clamp ?? 0],
  ]);
  return {
    family: 'stylegan3',
    resolution: network.layers.at(-1)!.outSize,
    zDim,
    cDim,
    wDim,
    numWs,
    epsilon,
    settings: {
      lrMultiplier: settings.lrMultiplier,
      input: [settings.input.size, settings.input.samplingRate, settings.input.bandwidth],
      outputScale: settings.outputScale,
      ...Object.fromEntries(layers),
    },
    mapping: mappingGraph(network.mapping),
    synthesis: model,
    tapSets,
    wAvg,
  };
}
