import { unsupported } from '../checkpoint/refusal.ts';
import type { ResampleFilter } from '../graph/resample-kernel.ts';
import { stylegan2Graphs } from '../graph/stylegan2.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { reshaped, squeezed } from './axes.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { layerNoise, STYLEGAN2_FILTER } from './remade.ts';
import { storedFilter } from './resample-filter.ts';
import { TensorSource } from './tensor-source.ts';

/**
 * A generator of rosinality/stylegan2-pytorch, from its state dict: layers `conv1`, `convs.0`, `convs.1`, … and colours `to_rgb1`, `to_rgbs.0`, ….
 * Its convolution weights are divided by √(in · k²) when used; stored filters are four times their size. Files from before noises were saved lack them.
 * @throws DatasetGanError `checkpoint-unsupported`, `checkpoint-damaged`
 */
export function convertRosinality(state: ReadonlyMap<string, FloatTensor>): ConvertedNetwork {
  const from = new TensorSource(state);
  const tensors = new Map<string, FloatTensor>();
  for (let i = 1; from.has(`style.${i}.weight`); i++) dense(`style.${i}`, `mapping.fc${i - 1}`);
  tensors.set('synthesis.b4.const', squeezed(from.take('input.input', 4)));
  layer('conv1', 'b4.conv1', 0, 4);
  colours('to_rgb1', 'b4.torgb');
  let resolution = 4;
  let filter: ResampleFilter | undefined;
  for (let j = 0; from.has(`convs.${2 * j}.conv.weight`); j++) {
    resolution *= 2;
    for (const name of [`convs.${2 * j}.conv.blur.kernel`, `to_rgbs.${j}.upsample.kernel`]) {
      const kernel = from.takeOptional(name, 2);
      if (kernel === undefined) continue;
      const own = storedFilter(kernel, 4);
      filter ??= own;
      if (JSON.stringify(own) !== JSON.stringify(filter)) throw refuse('its layers have different filters');
    }
    layer(`convs.${2 * j}`, `b${resolution}.conv0`, 2 * j + 1, resolution);
    layer(`convs.${2 * j + 1}`, `b${resolution}.conv1`, 2 * j + 2, resolution);
    colours(`to_rgbs.${j}`, `b${resolution}.torgb`);
  }
  const { left } = from;
  if (left.length > 0) throw refuse(`${left.slice(0, 3).join(', ').slice(0, 200)} ${left.length === 1 ? 'is' : 'are'} unknown`);
  const resampleFilter = resolution === 4 ? STYLEGAN2_FILTER : from.orMade('filter', filter, () => STYLEGAN2_FILTER);
  const settings = { lrMultiplier: 0.01, resampleFilter, convClamp: null, epsilon: 1e-8 };
  return {
    origin: 'StyleGAN2 of rosinality’s PyTorch code',
    tensors,
    build: (given) => stylegan2Graphs(given, settings),
    wDim: tensors.get('synthesis.b4.conv1.affine.weight')!.dims[1]!,
    cutoff: null,
    notes: from.notes,
    source: '',
  };

  function dense(source: string, target: string): void {
    tensors.set(`${target}.weight`, from.take(`${source}.weight`, 2));
    tensors.set(`${target}.bias`, from.take(`${source}.bias`, 1));
  }

  function layer(source: string, target: string, index: number, r: number): void {
    const { dims, data } = squeezed(from.take(`${source}.conv.weight`, 5));
    const factor = 1 / Math.sqrt(dims.slice(1).reduce((product, size) => product * size, 1));
    tensors.set(`synthesis.${target}.weight`, { dims, data: data.map((value) => value * factor) });
    tensors.set(`synthesis.${target}.bias`, from.take(`${source}.activate.bias`, 1));
    dense(`${source}.conv.modulation`, `synthesis.${target}.affine`);
    const stored = from.takeOptional(`noises.noise_${index}`, 4);
    const noise = stored === undefined ? undefined : reshaped(stored, stored.dims.slice(2));
    tensors.set(
      `synthesis.${target}.noise_const`,
      from.orMade('noise', noise, () => layerNoise(index, r)),
    );
    tensors.set(`synthesis.${target}.noise_strength`, reshaped(from.take(`${source}.noise.weight`, 1), []));
  }

  function colours(source: string, target: string): void {
    tensors.set(`synthesis.${target}.weight`, squeezed(from.take(`${source}.conv.weight`, 5)));
    const bias = from.take(`${source}.bias`, 4);
    tensors.set(`synthesis.${target}.bias`, reshaped(bias, [bias.data.length]));
    dense(`${source}.conv.modulation`, `synthesis.${target}.affine`);
  }
}

function refuse(problem: string) {
  return unsupported(`The network differs from rosinality’s StyleGAN2: ${problem}.`, 'Use an unmodified StyleGAN2 network.');
}
