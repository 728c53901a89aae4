import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { type FeatureLayout, featureLayout } from '../interpreter/features/feature-layout.ts';
import type { FeatureNetwork } from '../interpreter/features/feature-network.ts';
import type { TapSource } from '../interpreter/features/sample-graph.ts';
import { RecentlyUsed } from '../interpreter/recently-used.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { type Backbone, readBackboneFile } from './backbone.ts';
import type { BackboneCard } from './backbone-card.ts';
import { shownSize } from './photo-frame.ts';
import type { FramedPhoto } from './read-photo.ts';

/** What names a photograph, wherever it lies. */
export interface PhotoIdentity {
  /** sha256 of the file, hex. */
  readonly photo: string;
  /** Left and right are swapped. */
  readonly mirrored?: true;
}

/** How a backbone looks at photographs. */
export interface PhotoView {
  /** Pixels on a side of the square that photographs are fitted into. */
  readonly size: number;
  /** Pixels on a side of the label map of that square. */
  readonly labelSide: number;
}

/**
 * The view of a backbone: labels are at half the size, which is what its finest tap shows.
 * @throws DatasetGanError `bad-request` for a size that it does not take
 */
export function photoView({ name, input: { size: usual, step } }: BackboneCard, size = usual): PhotoView {
  const fits = step === null ? size === usual : size > 0 && size % step === 0;
  if (!fits)
    throw new DatasetGanError('bad-request', `The backbone '${name}' does not take pictures of ${size} px.`, {
      fix: step === null ? `It takes ${usual} px only.` : `Use a multiple of ${step}, such as ${usual}.`,
    });
  return { size, labelSide: Math.ceil(size / 2) };
}

/** Bytes of activations for each pixel of the square, about: the widest layer of EfficientNet-Lite has 96 channels at half the size, in and out. */
const BYTES_A_PIXEL = 4 * 2 * 144;

/**
 * A backbone as the interpreter sees it. The backbone runs in a session of its own, so that a file of any exporter and operator set is taken; its taps are
 * inputs of the graphs that follow.
 * @param read gives a picture, fitted into the view's size
 * @param nameOf what people call it, as a sentence begins
 */
export function photoNetwork<I>(
  backbone: Backbone,
  { size, labelSide }: PhotoView,
  read: (image: I) => Promise<FramedPhoto>,
  { keyOf, nameOf }: Pick<FeatureNetwork<I>, 'keyOf' | 'nameOf'>,
): FeatureNetwork<I> {
  const { card } = backbone;
  const memory = BYTES_A_PIXEL * size ** 2;
  // Asked for its extent, then for its taps.
  const lately = new RecentlyUsed<FramedPhoto>(1);
  const framed = (image: I) => lately.get(keyOf(image), () => read(image));
  return {
    id: `${card.id} ${size} ${labelSide}`,
    layout: photoLayout(card, { size, labelSide }),
    memory,
    source: async () => (g) => tapInputs(g, card, size),
    feeds: async (context, image) => tapsOf(context, backbone, memory, await framed(image), size),
    extent: async (image) => shownSize({ ...(await framed(image)).frame, side: labelSide }),
    keyOf,
    nameOf,
  };
}

/** The features of a pixel, and the label map of the whole square. */
export function photoLayout({ taps }: BackboneCard, { size, labelSide }: PhotoView): FeatureLayout {
  return featureLayout(
    taps.map(({ name, channels, stride }) => ({ name, channels, resolution: size / stride })),
    { side: labelSide, left: 0, top: 0, width: labelSide, height: labelSide },
  );
}

/** The taps as inputs `tap.NAME`, each brought to [1, C, r, r]. */
export function tapInputs(g: GraphBuilder, { taps }: BackboneCard, size: number): TapSource {
  const values = taps.map(({ name, channels, stride, leadingTokens }) => {
    const side = size / stride;
    if (leadingTokens === null) return [name, g.input(`tap.${name}`, 'float32', [1, channels, side, side])] as const;
    const tokens = g.input(`tap.${name}`, 'float32', [1, leadingTokens + side * side, channels]);
    const pixels = g.op('Slice', [tokens, g.int64(leadingTokens), g.int64(leadingTokens + side * side), g.int64(1)]);
    const turned = g.op('Transpose', [pixels], { perm: { ints: [0, 2, 1] } });
    return [name, g.op('Reshape', [turned, g.int64(1, channels, side, side)])] as const;
  });
  return { taps: new Map(values) };
}

async function tapsOf(
  context: EngineContext,
  backbone: Backbone,
  memory: number,
  photo: FramedPhoto,
  size: number,
): Promise<Record<string, Tensor>> {
  const { id, input, taps } = backbone.card;
  const session = await context.session(`backbone ${id}`, memory, () => readBackboneFile(backbone));
  const outputs = await session.run(
    { [input.name]: pictureTensor(photo, size, input) },
    taps.map(({ name }) => name),
  );
  return Object.fromEntries(taps.map(({ name }) => [`tap.${name}`, outputs[name] as Tensor]));
}

/** The photograph in its square as the network's input [1, 3, S, S]; the padding is 0, the mean. */
function pictureTensor(
  { rgb, frame }: FramedPhoto,
  size: number,
  { mean, std }: Pick<BackboneCard['input'], 'mean' | 'std'>,
): Tensor {
  const { width, height } = shownSize(frame);
  const data = new Float32Array(3 * size * size);
  for (const [channel, own] of mean.entries()) {
    const scale = 1 / (255 * std[channel]!);
    const shift = own / std[channel]!;
    for (let y = 0; y < height; y++) {
      const row = (channel * size + y) * size;
      for (let x = 0; x < width; x++) data[row + x] = rgb[3 * (y * width + x) + channel]! * scale - shift;
    }
  }
  return new Tensor('float32', data, [1, 3, size, size]);
}
