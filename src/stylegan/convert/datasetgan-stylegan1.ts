import { unsupported } from '../checkpoint/refusal.ts';
import { stylegan1Graphs } from '../graph/stylegan1.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { squeezed } from './axes.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { layerNoise, STYLEGAN1_FILTER } from './remade.ts';
import { TensorSource } from './tensor-source.ts';

const SETTINGS = { lrMultiplier: 0.01, epsilon: 1e-5, fusedFrom: 128 };
/** The released code truncates 8 layers of its faces and cars, 7 of its 256 px bedrooms and cats. */
const CUTOFF = { small: 7, usual: 8 };

/**
 * DatasetGAN's StyleGAN1, a state dict of `g_mapping.*` and `g_synthesis.*`. The released code draws new noise for every image, so that an annotated image
 * could never be made again; here the noise of layer k is constant: numpy's `RandomState(k).randn`.
 * @throws DatasetGanError `checkpoint-unsupported`, `checkpoint-damaged`
 */
export function convertDatasetganStylegan1(state: ReadonlyMap<string, FloatTensor>): ConvertedNetwork {
  const from = new TensorSource(state);
  const tensors = new Map<string, FloatTensor>();
  for (let i = 0; from.has(`g_mapping.dense${i}.weight`); i++) dense(`g_mapping.dense${i}`, `mapping.fc${i}`);
  tensors.set('synthesis.b4.const', squeezed(from.take('g_synthesis.blocks.4x4.const', 4)));
  tensors.set('synthesis.b4.epilogue0.bias', from.take('g_synthesis.blocks.4x4.bias', 1));
  epilogue(4, 0);
  convolution('g_synthesis.blocks.4x4.conv', 4, 1);
  let resolution = 4;
  while (from.has(`g_synthesis.blocks.${2 * resolution}x${2 * resolution}.conv1.weight`)) {
    resolution *= 2;
    const block = `g_synthesis.blocks.${resolution}x${resolution}`;
    const stored = from.takeOptional(`${block}.conv0_up.intermediate.kernel`, 4)?.data;
    const blur = STYLEGAN1_FILTER.flatMap((a) => STYLEGAN1_FILTER.map((b) => (a * b) / 16));
    const kernel = from.orMade('filter', stored, () => Float32Array.from(blur));
    if (kernel.length !== 9 || blur.some((value, i) => Math.abs(kernel[i]! - value) > 1e-6))
      throw refuse('it blurs with another filter');
    convolution(`${block}.conv0_up`, resolution, 0);
    convolution(`${block}.conv1`, resolution, 1);
  }
  dense('g_synthesis.torgb', 'synthesis.torgb', 4);
  const { left } = from;
  if (left.length > 0) throw refuse(`${left.slice(0, 3).join(', ').slice(0, 200)} ${left.length === 1 ? 'is' : 'are'} unknown`);
  const style = tensors.get('synthesis.b4.epilogue0.style.weight')!;
  return {
    origin: 'StyleGAN1 of DatasetGAN’s PyTorch code',
    tensors,
    build: (given) => stylegan1Graphs(given, SETTINGS),
    wDim: style.dims[1]!,
    cutoff: Math.min(resolution === 256 ? CUTOFF.small : CUTOFF.usual, 2 * Math.log2(resolution) - 2),
    notes: from.notes,
    source: '',
  };

  function dense(source: string, target: string, rank = 2): void {
    tensors.set(`${target}.weight`, from.take(`${source}.weight`, rank));
    tensors.set(`${target}.bias`, from.take(`${source}.bias`, 1));
  }

  function convolution(source: string, r: number, index: 0 | 1): void {
    tensors.set(`synthesis.b${r}.conv${index}.weight`, from.take(`${source}.weight`, 4));
    tensors.set(`synthesis.b${r}.epilogue${index}.bias`, from.take(`${source}.bias`, 1));
    if (r > 4 || index > 0) epilogue(r, index);
  }

  function epilogue(r: number, index: 0 | 1): void {
    const source = `g_synthesis.blocks.${r}x${r}.epi${index + 1}`;
    const target = `synthesis.b${r}.epilogue${index}`;
    dense(`${source}.style_mod.lin`, `${target}.style`);
    tensors.set(`${target}.noise_weight`, from.take(`${source}.top_epi.noise.weight`, 1));
    const layer = 2 * Math.log2(r) - 4 + index;
    tensors.set(
      `${target}.noise_const`,
      from.orMade('noise', undefined, () => layerNoise(layer, r)),
    );
  }
}

function refuse(problem: string) {
  return unsupported(`The network differs from DatasetGAN’s StyleGAN1: ${problem}.`, 'Use an unmodified StyleGAN1 network.');
}
