import type { FloatTensor, TensorMap } from '../tensor-map.ts';
import type { Dense, MappingNetwork } from './mapping.ts';
import { readMapping } from './read-mapping.ts';
import { badNetwork, TensorReader } from './tensor-reader.ts';
import { USUAL_ACTIVATION } from './weights.ts';

/** What a StyleGAN1's tensors do not say. */
export interface Stylegan1Settings {
  /** λ of the mapping network: 0.01 in published networks. */
  readonly lrMultiplier: number;
  /** ε of the instance normalisation: 1e-8 in NVIDIA's TensorFlow code, 1e-5 in DatasetGAN's port. */
  readonly epsilon: number;
  /** Blocks of this resolution and above enlarge by a transposed convolution, those below by repeating pixels. */
  readonly fusedFrom: number;
}

/** What follows a convolution or the constant: bias, noise, activation, normalisation, style. */
export interface Epilogue {
  /** [C] */
  readonly bias: FloatTensor;
  /** [r, r] and its weight per channel [C]; undefined: none. */
  readonly noise: { readonly values: FloatTensor; readonly weight: FloatTensor } | undefined;
  /** w → [2C]: scale - 1, then shift. */
  readonly style: Dense;
  readonly wIndex: number;
}

/** The layers of one resolution. `conv0` enlarges; the first block, 4 × 4, begins with the constant instead. Weights [out, in, 3, 3]. */
export interface Stylegan1Block {
  readonly resolution: number;
  readonly channels: number;
  readonly conv0: FloatTensor | undefined;
  readonly epilogue0: Epilogue;
  readonly conv1: FloatTensor;
  readonly epilogue1: Epilogue;
}

export interface Stylegan1Network {
  readonly mapping: MappingNetwork;
  /** [C, 4, 4] */
  readonly constant: FloatTensor;
  /** Ascending resolution. */
  readonly blocks: readonly Stylegan1Block[];
  /** 1 × 1, [3, C, 1, 1] */
  readonly toRgb: Dense;
}

/**
 * Reads a StyleGAN1 from its tensors: `mapping.fc0.weight` …, `mapping.w_avg`, `synthesis.b4.const`, `synthesis.b8.conv0.weight`,
 * `synthesis.b8.epilogue0.{bias,noise_const,noise_weight,style.weight,style.bias}`, the same with 1, `synthesis.torgb.{weight,bias}`.
 * @throws DatasetGanError `bad-generator` that names the tensor
 */
export function readStylegan1(tensors: TensorMap, { lrMultiplier }: Stylegan1Settings): Stylegan1Network {
  const reader = new TensorReader(tensors);
  let resolution = 4;
  while (reader.has(`synthesis.b${2 * resolution}.conv0.weight`)) resolution *= 2;
  if (resolution > 2048) throw badNetwork(`its largest resolution is ${resolution}, more than 2048`);
  const numWs = 2 * Math.log2(resolution) - 2;
  const mapping = readMapping(reader, { numWs, lrMultiplier, activation: USUAL_ACTIVATION, gainOn: 'weights' });
  const constant = reader.take('synthesis.b4.const', [null, 4, 4]);
  const blocks: Stylegan1Block[] = [];
  let channels = constant.dims[0]!;
  for (let r = 4; r <= resolution; r *= 2) {
    const conv0 = r === 4 ? undefined : reader.take(`synthesis.b${r}.conv0.weight`, [null, channels, 3, 3]);
    channels = conv0?.dims[0] ?? channels;
    const conv1 = reader.take(`synthesis.b${r}.conv1.weight`, [channels, channels, 3, 3]);
    const first = 2 * Math.log2(r) - 4;
    const epilogue = (index: 0 | 1): Epilogue => {
      const name = `synthesis.b${r}.epilogue${index}`;
      return {
        bias: reader.take(`${name}.bias`, [channels]),
        noise: reader.has(`${name}.noise_weight`)
          ? { values: reader.take(`${name}.noise_const`, [r, r]), weight: reader.take(`${name}.noise_weight`, [channels]) }
          : undefined,
        style: {
          weight: reader.take(`${name}.style.weight`, [2 * channels, mapping.wDim]),
          bias: reader.take(`${name}.style.bias`, [2 * channels]),
        },
        wIndex: first + index,
      };
    };
    blocks.push({ resolution: r, channels, conv0, epilogue0: epilogue(0), conv1, epilogue1: epilogue(1) });
  }
  const toRgb = {
    weight: reader.take('synthesis.torgb.weight', [3, channels, 1, 1]),
    bias: reader.take('synthesis.torgb.bias', [3]),
  };
  reader.finish();
  return { mapping, constant, blocks, toRgb };
}
