import type { FloatTensor, TensorMap } from '../tensor-map.ts';
import type { Dense, MappingNetwork } from './mapping.ts';
import { badNetwork, TensorReader } from './tensor-reader.ts';

/** What a StyleGAN2's tensors do not say. */
export interface Stylegan2Settings {
  /** λ of the mapping network: 0.01 in published networks. */
  readonly lrMultiplier: number;
  /** Taps of the resampling filter, before its outer product and normalisation: [1, 3, 3, 1] in published networks. */
  readonly resampleFilter: readonly number[];
  /** Values of layers are clipped to ± this; null: they are not. */
  readonly convClamp: number | null;
  /** ε of all normalisations: 1e-8 in published networks. */
  readonly epsilon: number;
}

/** A convolution whose inputs are scaled by a style, affine(ws[wIndex]). */
export interface ModulatedConvolution {
  /** [out, in, k, k] */
  readonly weight: FloatTensor;
  readonly bias: FloatTensor;
  readonly affine: Dense;
  readonly wIndex: number;
  /** strength · noise, [r · r], added to every channel; undefined: none. */
  readonly noise: Float32Array | undefined;
}

/** The layers of one resolution; the first, 4 × 4, has no conv0. */
export interface Stylegan2Block {
  readonly resolution: number;
  readonly conv0: ModulatedConvolution | undefined;
  readonly conv1: ModulatedConvolution;
  readonly toRgb: ModulatedConvolution;
}

export interface Stylegan2Network {
  readonly mapping: MappingNetwork;
  /** [C, 4, 4] */
  readonly constant: FloatTensor;
  /** Ascending resolution. */
  readonly blocks: readonly Stylegan2Block[];
}

/**
 * Reads a StyleGAN2 of skip architecture from its tensors, which are named as in NVIDIA's PyTorch networks: `mapping.fc0.weight` …,
 * `mapping.embed.*` where there are classes, `mapping.w_avg`, `synthesis.b4.const`, `synthesis.b8.conv0.{weight,bias,affine.weight,affine.bias,
 * noise_const,noise_strength}`, `….torgb.*`. A layer without noise tensors has no noise.
 * @throws DatasetGanError `bad-generator` that names the tensor
 */
export function readStylegan2(tensors: TensorMap, settings: Stylegan2Settings): Stylegan2Network {
  const reader = new TensorReader(tensors);
  const resolution = greatestResolution(tensors);
  const blocksNumber = Math.log2(resolution) - 1;
  const numWs = 2 * blocksNumber;
  const mapping = readMapping(reader, numWs, settings);
  const constant = reader.take('synthesis.b4.const', [null, 4, 4]);
  const blocks: Stylegan2Block[] = [];
  let channels = constant.dims[0]!;
  for (let r = 4; r <= resolution; r *= 2) {
    // ws: 4 px conv1, toRGB; then conv0, conv1, toRGB of each resolution, a toRGB sharing its w with the next conv0.
    const first = 2 * Math.log2(r) - 5;
    const layer = (name: string, wIndex: number, inputs: number) =>
      readConvolution(reader, `synthesis.b${r}.${name}`, { inputs, resolution: r, wDim: mapping.wDim, wIndex });
    const conv0 = r === 4 ? undefined : layer('conv0', first, channels);
    channels = conv0?.weight.dims[0] ?? channels;
    const conv1 = layer('conv1', first + 1, channels);
    if (conv1.weight.dims[0] !== channels) throw badNetwork(`'synthesis.b${r}.conv1' changes the number of channels`);
    blocks.push({ resolution: r, conv0, conv1, toRgb: layer('torgb', first + 2, channels) });
  }
  reader.finish();
  return { mapping, constant, blocks };
}

/** R, from the names `synthesis.bR.…`. */
function greatestResolution(tensors: TensorMap): number {
  let resolution = 0;
  for (const name of tensors.keys()) {
    const [, digits] = /^synthesis\.b(\d{1,5})\./.exec(name) ?? [];
    resolution = Math.max(resolution, Number(digits ?? 0));
    if (/^synthesis\.b\d+\.skip\./.test(name)) throw badNetwork(`'${name}' belongs to a residual architecture`);
  }
  if (resolution < 4 || resolution > 2048 || !Number.isInteger(Math.log2(resolution)))
    throw badNetwork(`its greatest resolution is ${resolution}, not a power of 2 from 4 to 2048`);
  if (resolution > 4 && !tensors.has('synthesis.b4.torgb.weight')) throw badNetwork('it has no toRGB layer at every resolution');
  return resolution;
}

function readMapping(reader: TensorReader, numWs: number, settings: Stylegan2Settings): MappingNetwork {
  const wAvg = reader.take('mapping.w_avg', [null]);
  const wDim = wAvg.dims[0]!;
  const embed = reader.has('mapping.embed.weight') ? readDense(reader, 'mapping.embed', null, wDim) : undefined;
  const layers: Dense[] = [];
  while (reader.has(`mapping.fc${layers.length}.weight`))
    layers.push(readDense(reader, `mapping.fc${layers.length}`, layers.at(-1)?.weight.dims[0] ?? null, null));
  const [first, last] = [layers[0], layers.at(-1)];
  if (first === undefined || last === undefined) throw badNetwork("the tensor 'mapping.fc0.weight' is missing");
  if (last.weight.dims[0] !== wDim)
    throw badNetwork(`the mapping network gives ${last.weight.dims[0]} numbers, but w_avg has ${wDim}`);
  const zDim = first.weight.dims[1]! - (embed === undefined ? 0 : wDim);
  if (zDim < 1) throw badNetwork('the mapping network takes no latent');
  const { lrMultiplier, epsilon } = settings;
  return { zDim, cDim: embed?.weight.dims[1] ?? 0, wDim, numWs, embed, layers, lrMultiplier, wAvg: wAvg.data, epsilon };
}

function readDense(reader: TensorReader, name: string, inputs: number | null, outputs: number | null): Dense {
  const weight = reader.take(`${name}.weight`, [outputs, inputs]);
  return { weight, bias: reader.take(`${name}.bias`, [weight.dims[0]!]) };
}

function readConvolution(
  reader: TensorReader,
  name: string,
  { inputs, resolution, wDim, wIndex }: { inputs: number; resolution: number; wDim: number; wIndex: number },
): ModulatedConvolution {
  const rgb = name.endsWith('.torgb');
  const weight = reader.take(`${name}.weight`, rgb ? [3, inputs, 1, 1] : [null, inputs, 3, 3]);
  const bias = reader.take(`${name}.bias`, [weight.dims[0]!]);
  const affine = readDense(reader, `${name}.affine`, wDim, inputs);
  let noise: Float32Array | undefined;
  if (reader.has(`${name}.noise_const`) || reader.has(`${name}.noise_strength`)) {
    const [strength] = reader.take(`${name}.noise_strength`, []).data;
    noise = reader.take(`${name}.noise_const`, [resolution, resolution]).data.map((value) => value * strength!);
  }
  return { weight, bias, affine, wIndex, noise };
}
