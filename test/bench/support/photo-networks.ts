import { readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import { featureLayout } from '../../../src/interpreter/features/feature-layout.ts';
import type { FeatureNetwork } from '../../../src/interpreter/features/feature-network.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import type { Backbone } from '../../../src/photos/backbone.ts';
import { mirroredPhoto } from '../../../src/photos/mirrored.ts';
import { shownSize } from '../../../src/photos/photo-frame.ts';
import { type PhotoIdentity, type PhotoView, photoNetwork } from '../../../src/photos/photo-network.ts';
import { type FramedPhoto, readPhoto } from '../../../src/photos/read-photo.ts';
import type { TensorMap } from '../../../src/stylegan/tensor-map.ts';

/** A photograph of a bench, as it is or mirrored. */
export interface BenchPhoto extends PhotoIdentity {
  readonly file: string;
}

/** A photograph of a bench, named by its file. */
export const benchPhoto = (file: string): BenchPhoto => ({ file, photo: file });

const naming = {
  keyOf: ({ file, mirrored }: BenchPhoto) => `${file} ${mirrored === true}`,
  nameOf: ({ file }: BenchPhoto) => file,
};

async function framed({ file, mirrored }: BenchPhoto, side: number): Promise<FramedPhoto> {
  const photo = await readPhoto(readFileSync(file), side);
  return mirrored === true ? mirroredPhoto(photo) : photo;
}

export const backboneNetwork = (backbone: Backbone, view: PhotoView): FeatureNetwork<BenchPhoto> =>
  photoNetwork(backbone, view, (image) => framed(image, view.size), naming);

/** Pixels on a side of the map of x and y. */
const PLACE_SIDE = 64;

/** Colour, x and y alone, as taps: what a classifier can do without looking. */
export function colourNetwork({ labelSide }: PhotoView): FeatureNetwork<BenchPhoto> {
  const taps = [
    { name: 'place', channels: 2, resolution: PLACE_SIDE },
    { name: 'colour', channels: 3, resolution: labelSide },
  ];
  return {
    id: `colour ${labelSide}`,
    layout: featureLayout(taps, { side: labelSide, left: 0, top: 0, width: labelSide, height: labelSide }),
    memory: 0,
    source: () =>
      Promise.resolve((g) => ({
        taps: new Map(taps.map(({ name, channels, resolution: r }) => [name, g.input(name, 'float32', [1, channels, r, r])])),
      })),
    feeds: async (_, image) => ({ place: placeTensor(), colour: colourTensor(await framed(image, labelSide)) }),
    extent: async (image) => shownSize((await framed(image, labelSide)).frame),
    ...naming,
  };
}

function placeTensor(): Tensor {
  const pixels = PLACE_SIDE ** 2;
  const data = new Float32Array(2 * pixels);
  for (let i = 0; i < pixels; i++) {
    data[i] = (i % PLACE_SIDE) / PLACE_SIDE;
    data[pixels + i] = Math.floor(i / PLACE_SIDE) / PLACE_SIDE;
  }
  return new Tensor('float32', data, [1, 2, PLACE_SIDE, PLACE_SIDE]);
}

function colourTensor({ rgb, frame }: FramedPhoto): Tensor {
  const { side } = frame;
  const { width, height } = shownSize(frame);
  const data = new Float32Array(3 * side * side);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data[(c * side + y) * side + x] = rgb[3 * (y * width + x) + c]! / 255;
  return new Tensor('float32', data, [1, 3, side, side]);
}

/** The taps of several networks of one label side beside each other. */
export function together(networks: readonly FeatureNetwork<BenchPhoto>[]): FeatureNetwork<BenchPhoto> {
  const [first] = networks as [FeatureNetwork<BenchPhoto>];
  const taps = networks.flatMap(({ layout }) => layout.levels.flatMap((level) => level.taps));
  return {
    ...first,
    id: networks.map(({ id }) => id).join(' and '),
    layout: featureLayout(taps, first.layout.geometry),
    source: async () => {
      const sources = await Promise.all(networks.map((network) => network.source()));
      return (g) => ({ taps: new Map(sources.flatMap((source) => [...source(g).taps])) });
    },
    feeds: async (context, image) => {
      const all = await Promise.all(networks.map((network) => network.feeds(context, image)));
      return Object.assign({}, ...all) as Record<string, Tensor>;
    },
  };
}

/** The same network untrained: weights N(0, 2/inputs) (He et al., 2015), normalisations that change nothing. */
export function randomTensors(tensors: TensorMap): TensorMap {
  return new Map(
    [...tensors].map(([name, { dims, data }], i) => {
      if (dims.length < 4) return [name, { dims, data: data.map(() => (/weight$|running_var$/.test(name) ? 1 : 0)) }] as const;
      const random = new Random(0, 'weights', i);
      const deviation = Math.sqrt(2 / (data.length / dims[0]!));
      return [name, { dims, data: data.map(() => deviation * random.normal()) }] as const;
    }),
  );
}
