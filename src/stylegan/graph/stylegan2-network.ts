import type { FloatTensor, TensorMap } from '../tensor-map.ts';
import type { Dense, MappingNetwork } from './mapping.ts';
import { readDense, readMapping } from './read-mapping.ts';
import type { ResampleFilter } from './resample-kernel.ts';
import { badNetwork, TensorReader } from './tensor-reader.ts';
import { type Activation, USUAL_ACTIVATION } from './weights.ts';

/** What a StyleGAN2's tensors do not say. */
export interface Stylegan2Settings {
  /** λ of the mapping network: 0.01 in published networks. */
  readonly lrMultiplier: number;
  /** [1, 3, 3, 1] in published networks. */
  readonly resampleFilter: ResampleFilter;
  /** Values of layers are clipped to ± this; null: they are not. */
  readonly convClamp: number | null;
  /** ε of all normalisations: 1e-8 in published networks. */
  readonly epsilon: number;
  /** Of the synthesis layers; `lrelu` if left out. */
  readonly activation?: Activation;
  /** Of the mapping layers; `lrelu` if left out. */
  readonly mappingActivation?: Activation;
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
  /** In `skip` networks of every block, otherwise of the last. */
  readonly toRgb: ModulatedConvolution | undefined;
  /** 1 × 1 convolution [out, in, 1, 1] past conv0 and conv1, in `resnet` networks beyond 4 × 4. */
  readonly skip: FloatTensor | undefined;
}

/** skip: the image is the sum of all toRGB; resnet: blocks are residual; orig: plain blocks. In both, one toRGB at the end. */
export type Architecture = 'skip' | 'resnet' | 'orig';

export interface Stylegan2Network {
  readonly architecture: Architecture;
  readonly mapping: MappingNetwork;
  /** [C, 4, 4] */
  readonly constant: FloatTensor;
  /** Ascending resolution. */
  readonly blocks: readonly Stylegan2Block[];
}

/**
 * Reads a StyleGAN2 from its tensors, which are named as in NVIDIA's PyTorch networks: `mapping.fc0.weight` …,
 * `mapping.embed.*` (or `mapping.label_concat.weight`) where there are classes, `mapping.w_avg`, `synthesis.b4.const`,
 * `synthesis.b8.conv0.{weight,bias,affine.weight,affine.bias,
 * noise_const,noise_strength}`, `….torgb.*`, `….skip.weight`. Which of the last two there are tells the architecture. A layer without noise tensors
 * has no noise.
 * @throws DatasetGanError `bad-generator` that names the tensor
 */
export function readStylegan2(tensors: TensorMap, settings: Stylegan2Settings): Stylegan2Network {
  const reader = new TensorReader(tensors);
  const resolution = greatestResolution(tensors);
  const architecture = architectureOf(tensors, resolution);
  const blocksNumber = Math.log2(resolution) - 1;
  const numWs = 2 * blocksNumber;
  const { lrMultiplier, epsilon } = settings;
  const activation = settings.mappingActivation ?? USUAL_ACTIVATION;
  const mapping = readMapping(reader, { numWs, lrMultiplier, activation, gainOn: 'result', epsilon });
  const constant = reader.take('synthesis.b4.const', [null, 4, 4]);
  const blocks: Stylegan2Block[] = [];
  let channels = constant.dims[0]!;
  const has = {
    toRgb: (r: number) => architecture === 'skip' || r === resolution,
    skip: (r: number) => architecture === 'resnet' && r > 4,
  };
  for (let r = 4; r <= resolution; r *= 2) {
    // ws: 4 px conv1, toRGB; then conv0, conv1, toRGB of each resolution, a toRGB sharing its w with the next conv0.
    const first = 2 * Math.log2(r) - 5;
    const layer = (name: string, wIndex: number, inputs: number) =>
      readConvolution(reader, `synthesis.b${r}.${name}`, { inputs, resolution: r, wDim: mapping.wDim, wIndex });
    const conv0 = r === 4 ? undefined : layer('conv0', first, channels);
    const before = channels;
    channels = conv0?.weight.dims[0] ?? channels;
    const conv1 = layer('conv1', first + 1, channels);
    if (conv1.weight.dims[0] !== channels) throw badNetwork(`'synthesis.b${r}.conv1' changes the number of channels`);
    const toRgb = has.toRgb(r) ? layer('torgb', first + 2, channels) : undefined;
    const skip = has.skip(r) ? reader.take(`synthesis.b${r}.skip.weight`, [channels, before, 1, 1]) : undefined;
    blocks.push({ resolution: r, conv0, conv1, toRgb, skip });
  }
  reader.finish();
  return { architecture, mapping, constant, blocks };
}

/** R, from the names `synthesis.bR.…`. */
function greatestResolution(tensors: TensorMap): number {
  let resolution = 0;
  for (const name of tensors.keys()) {
    const [, digits] = /^synthesis\.b(\d{1,5})\./.exec(name) ?? [];
    resolution = Math.max(resolution, Number(digits ?? 0));
  }
  if (resolution < 4 || resolution > 2048 || !Number.isInteger(Math.log2(resolution)))
    throw badNetwork(`its largest resolution is ${resolution}, not a power of 2 from 4 to 2048`);
  return resolution;
}

function architectureOf(tensors: TensorMap, resolution: number): Architecture {
  if (tensors.has(`synthesis.b${resolution}.skip.weight`)) return 'resnet';
  return tensors.has('synthesis.b4.torgb.weight') ? 'skip' : 'orig';
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
