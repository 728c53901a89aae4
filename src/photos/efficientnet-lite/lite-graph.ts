import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { TensorMap } from '../../stylegan/tensor-map.ts';
import { badBackbone } from '../bad-backbone.ts';
import { type FoldedConvolution, foldedConvolution } from './lite-weights.ts';

/** Strides of the first block of each stage (Tan & Le, 2019, table 1), after a stem of stride 2. */
const STAGE_STRIDES = [1, 2, 2, 2, 1, 2, 1];
const STEM_STRIDE = 2;

export interface LiteTap {
  readonly name: string;
  readonly channels: number;
  /** Pixels of the picture on a side of one of the map. */
  readonly stride: number;
}

export interface LiteGraph {
  readonly model: Model;
  readonly taps: readonly LiteTap[];
}

/**
 * EfficientNet-Lite (Google, 2020) without its classifier, as ONNX: mobile inverted bottlenecks with ReLU6, no squeeze-and-excitation. Input `picture`
 * [1, 3, height, width], sizes that are multiples of 32; outputs `stage1` … `stage7`, what the last block of each stage gives.
 *
 * TensorFlow's SAME padding is asymmetric at stride 2: of k - 2 pixels in all, the right and the bottom get the odd one.
 * @param tensors state dict with `_conv_stem`, `_bn0`, `_blocks.N`
 * @param repeats blocks of each stage
 * @param mostStride a stage that would go beyond it keeps its resolution, and its convolutions and all after it reach as much farther (dilation, as in
 * DeepLab), so that each sees what it was trained on
 * @throws DatasetGanError `bad-backbone`
 */
export function liteGraph(tensors: TensorMap, repeats: readonly number[], mostStride = 32): LiteGraph {
  const g = new GraphBuilder('efficientnet-lite');
  const picture = g.input('picture', 'float32', [1, 3, 'height', 'width']);
  let x = relu6(g, convolve(g, picture, foldedConvolution(tensors, '_conv_stem', '_bn0'), { stride: STEM_STRIDE, dilation: 1 }));
  let reached = STEM_STRIDE;
  let dilation = 1;
  let channels = foldedConvolution(tensors, '_conv_stem', '_bn0').bias.length;
  let block = 0;
  const taps: LiteTap[] = [];
  for (const [stage, count] of repeats.entries()) {
    for (let i = 0; i < count; i++, block++) {
      const asked = i === 0 ? STAGE_STRIDES[stage]! : 1;
      const stride = reached * asked > mostStride ? 1 : asked;
      const made = bottleneck(g, tensors, `_blocks.${block}`, x, { stride, dilation, from: channels, keeps: asked === 1 });
      // The strided convolution itself sees what it was trained on; those after it would see half as much.
      if (stride < asked) dilation *= asked;
      reached *= stride;
      x = made.value;
      channels = made.channels;
    }
    const name = `stage${stage + 1}`;
    g.output(x, 'float32', [1, channels, `height/${reached}`, `width/${reached}`], name);
    taps.push({ name, channels, stride: reached });
  }
  if (tensors.has(`_blocks.${block}._project_conv.weight`)) throw badBackbone(`it has more than ${block} blocks`);
  return { model: g.model(), taps };
}

interface Place {
  readonly stride: number;
  readonly dilation: number;
}

/** 1 × 1 to more channels, depthwise k × k, 1 × 1 to few; with the input added where neither resolution nor channels change. */
function bottleneck(
  g: GraphBuilder,
  tensors: TensorMap,
  name: string,
  input: string,
  { from, keeps, ...place }: Place & { readonly from: number; readonly keeps: boolean },
): { value: string; channels: number } {
  const fold = (convolution: string, normalisation: string) =>
    foldedConvolution(tensors, `${name}.${convolution}`, `${name}.${normalisation}`);
  const point = { stride: 1, dilation: 1 };
  const wide = tensors.has(`${name}._expand_conv.weight`)
    ? relu6(g, convolve(g, input, fold('_expand_conv', '_bn0'), point))
    : input;
  const filtered = relu6(g, convolve(g, wide, fold('_depthwise_conv', '_bn1'), place));
  const projection = fold('_project_conv', '_bn2');
  const channels = projection.bias.length;
  const value = convolve(g, filtered, projection, point);
  return { value: keeps && from === channels ? g.op('Add', [value, input]) : value, channels };
}

function convolve(g: GraphBuilder, input: string, { weight, bias }: FoldedConvolution, { stride, dilation }: Place): string {
  const [outputs, inputs, size] = weight.dims as [number, number, number, number];
  const padding = dilation * (size - 1) - (stride - 1);
  const before = Math.floor(padding / 2);
  const after = padding - before;
  return g.op('Conv', [input, g.float32(weight.dims, weight.data), g.float32([outputs], bias)], {
    strides: { ints: [stride, stride] },
    dilations: { ints: [dilation, dilation] },
    pads: { ints: [before, before, after, after] },
    // Depthwise weights have one input a filter.
    group: { i: inputs === 1 ? outputs : 1 },
  });
}

function relu6(g: GraphBuilder, value: string): string {
  return g.op('Clip', [value, g.scalar(0), g.scalar(6)]);
}
