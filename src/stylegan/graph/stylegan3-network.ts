import type { FloatTensor, TensorMap } from '../tensor-map.ts';
import type { Dense, MappingNetwork } from './mapping.ts';
import { readDense, readMapping } from './read-mapping.ts';
import { badNetwork, TensorReader } from './tensor-reader.ts';
import { USUAL_ACTIVATION } from './weights.ts';

/** How a layer resamples. Sizes in pixels, margins included. */
export interface Stylegan3LayerSettings {
  /** `L5_52_32` */
  readonly name: string;
  readonly up: number;
  readonly down: number;
  /** Around what is enlarged: left, right, top, bottom; negative ones crop. */
  readonly padding: readonly [number, number, number, number];
  readonly inSize: number;
  readonly outSize: number;
  /** Pixels of the output across the picture itself; the rest is margin. */
  readonly samplingRate: number;
  readonly clamp: number | null;
}

/** What a StyleGAN3's tensors do not say. */
export interface Stylegan3Settings {
  readonly lrMultiplier: number;
  readonly input: { readonly size: number; readonly samplingRate: number; readonly bandwidth: number };
  /** In their order; the last gives the colours. */
  readonly layers: readonly Stylegan3LayerSettings[];
  /** Of the image. */
  readonly outputScale: number;
}

export interface Stylegan3Input {
  /** [C, C] */
  readonly weight: FloatTensor;
  /** w → [4]: the cosine and sine of a turn, and a shift. */
  readonly affine: Dense;
  /** [3, 3] */
  readonly transform: FloatTensor;
  /** [C, 2] */
  readonly frequencies: FloatTensor;
  /** [C] */
  readonly phases: FloatTensor;
}

export interface Stylegan3Layer extends Stylegan3LayerSettings {
  /** [out, in, k, k] */
  readonly weight: FloatTensor;
  readonly bias: FloatTensor;
  readonly affine: Dense;
  /** Mean square of the layer's input while it was trained. */
  readonly magnitude: number;
  /** [n]; undefined where the layer does not enlarge. */
  readonly upFilter: FloatTensor | undefined;
  /** [n], or [n, n] where it is not a product of two. */
  readonly downFilter: FloatTensor | undefined;
  readonly isColour: boolean;
  readonly wIndex: number;
}

export interface Stylegan3Network {
  readonly mapping: MappingNetwork;
  readonly input: Stylegan3Input;
  readonly layers: readonly Stylegan3Layer[];
}

/**
 * Reads a StyleGAN3 from its tensors, which are named as in NVIDIA's code: `mapping.*`, `synthesis.input.{weight,affine.*,transform,freqs,phases}`,
 * `synthesis.L0_36_512.{weight,bias,affine.*,magnitude_ema,up_filter,down_filter}` ….
 * @throws DatasetGanError `bad-generator` that names the tensor
 */
export function readStylegan3(tensors: TensorMap, settings: Stylegan3Settings): Stylegan3Network {
  const reader = new TensorReader(tensors);
  const numWs = settings.layers.length + 1;
  const mapping = readMapping(reader, {
    numWs,
    lrMultiplier: settings.lrMultiplier,
    activation: USUAL_ACTIVATION,
    gainOn: 'result',
  });
  const frequencies = reader.take('synthesis.input.freqs', [null, 2]);
  let channels = frequencies.dims[0]!;
  const input = {
    frequencies,
    phases: reader.take('synthesis.input.phases', [channels]),
    weight: reader.take('synthesis.input.weight', [channels, channels]),
    affine: readDense(reader, 'synthesis.input.affine', mapping.wDim, 4),
    transform: reader.take('synthesis.input.transform', [3, 3]),
  };
  let size = settings.input.size;
  const layers = settings.layers.map((layer, i): Stylegan3Layer => {
    const name = `synthesis.${layer.name}`;
    const isColour = i === settings.layers.length - 1;
    if (layer.inSize !== size) throw badNetwork(`'${layer.name}' expects ${layer.inSize} px, but its input has ${size}`);
    const weight = reader.take(`${name}.weight`, [isColour ? 3 : null, channels, null, null]);
    const [outputs, , height, width] = weight.dims;
    if (height !== width) throw badNetwork(`the kernel of '${layer.name}' is not square`);
    const filter = (which: string) =>
      reader.has(`${name}.${which}`)
        ? reader.take(`${name}.${which}`, which === 'down_filter' && isSquare(`${name}.${which}`) ? [null, null] : [null])
        : undefined;
    const taken = {
      ...layer,
      weight,
      bias: reader.take(`${name}.bias`, [outputs!]),
      affine: readDense(reader, `${name}.affine`, mapping.wDim, channels),
      magnitude: reader.take(`${name}.magnitude_ema`, []).data[0]!,
      upFilter: filter('up_filter'),
      downFilter: filter('down_filter'),
      isColour,
      wIndex: i + 1,
    };
    if (taken.upFilter === undefined && (layer.up !== 1 || layer.padding.some((pad) => pad !== 0)))
      throw badNetwork(`'${layer.name}' upsamples without a filter`);
    if (taken.downFilter === undefined && layer.down !== 1) throw badNetwork(`'${layer.name}' downsamples without a filter`);
    if (sizeAfter(taken) !== layer.outSize)
      throw badNetwork(`'${layer.name}' returns ${sizeAfter(taken)} px, but ${layer.outSize} were expected`);
    channels = outputs!;
    size = layer.outSize;
    return taken;
  });
  reader.finish();
  return { mapping, input, layers };

  function isSquare(name: string): boolean {
    return tensors.get(name)?.dims.length === 2;
  }
}

/** Side that a layer's output has by its own numbers. */
function sizeAfter({ inSize, weight, up, down, padding, upFilter, downFilter }: Stylegan3Layer): number {
  const wide = inSize + weight.dims[2]! - 1;
  const taps = (filter: FloatTensor | undefined) => filter?.dims[0] ?? 1;
  const enlarged = wide * up + padding[0] + padding[1] - (taps(upFilter) - 1);
  return Math.ceil((enlarged - (taps(downFilter) - 1)) / down);
}
