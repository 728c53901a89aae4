import type { TensorMap } from '../tensor-map.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { mappingGraph } from './mapping.ts';
import { readStylegan2, type Stylegan2Settings } from './stylegan2-network.ts';
import { stylegan2Synthesis } from './stylegan2-synthesis.ts';
import { type Activation, USUAL_ACTIVATION } from './weights.ts';

/**
 * Builds both ONNX graphs of a StyleGAN2 from its tensors (names: readStylegan2).
 * @throws DatasetGanError `bad-generator` for tensors or settings that are no such network
 */
export function stylegan2Graphs(tensors: TensorMap, settings: Stylegan2Settings): GeneratorGraphs {
  const { lrMultiplier, resampleFilter, convClamp, epsilon, activation, mappingActivation } = settings;
  const network = readStylegan2(tensors, settings);
  const { model, tapSets } = stylegan2Synthesis(network, settings);
  const { zDim, cDim, wDim, numWs, wAvg } = network.mapping;
  return {
    family: 'stylegan2',
    resolution: network.blocks.at(-1)!.resolution,
    zDim,
    cDim,
    wDim,
    numWs,
    epsilon,
    settings: {
      architecture: network.architecture,
      lrMultiplier,
      resampleFilter,
      convClamp,
      // The usual one is not named: ids of networks that were imported before stay.
      ...unusual({ activation, mappingActivation }),
    },
    mapping: mappingGraph(network.mapping),
    synthesis: model,
    tapSets,
    wAvg,
  };
}

function unusual(activations: Readonly<Record<string, Activation | undefined>>): Record<string, string> {
  const named = Object.entries(activations).filter((entry): entry is [string, Activation] => entry[1] !== undefined);
  return Object.fromEntries(named.filter(([, activation]) => activation !== USUAL_ACTIVATION));
}
