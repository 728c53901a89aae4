import type { FloatTensor, TensorMap } from '../../../src/stylegan/tensor-map.ts';
import { kernelLast, tfNetworks, transposed } from './tf-writer.ts';

/** One network (tests' tinyStylegan1) in the forms in which programs write it. */

/** A .pkl of NVIDIA's TensorFlow code. `fused`: what its argument `fused_scale` says. */
export function tfStylegan1(tensors: TensorMap, fused: boolean | 'auto', more: { readonly without?: RegExp } = {}): Uint8Array {
  const get = (name: string) => tensors.get(name)!;
  const mapping: [string, FloatTensor][] = [];
  const synthesis: [string, FloatTensor][] = [];
  for (let i = 0; tensors.has(`mapping.fc${i}.weight`); i++)
    mapping.push([`Dense${i}/weight`, transposed(get(`mapping.fc${i}.weight`))], [`Dense${i}/bias`, get(`mapping.fc${i}.bias`)]);
  const constant = get('synthesis.b4.const');
  synthesis.push(['4x4/Const/const', { dims: [1, ...constant.dims], data: constant.data }]);
  let top = 4;
  for (let r = 4; tensors.has(`synthesis.b${r}.conv1.weight`); r *= 2) {
    top = r;
    for (const index of [0, 1]) {
      const scope = `${r}x${r}/${[r === 4 ? 'Const' : 'Conv0_up', r === 4 ? 'Conv' : 'Conv1'][index]}`;
      const from = `synthesis.b${r}.epilogue${index}`;
      if (tensors.has(`synthesis.b${r}.conv${index}.weight`))
        synthesis.push([`${scope}/weight`, kernelLast(get(`synthesis.b${r}.conv${index}.weight`), false)]);
      const noise = get(`${from}.noise_const`);
      synthesis.push(
        [`noise${2 * Math.log2(r) - 4 + index}`, { dims: [1, 1, ...noise.dims], data: noise.data }],
        [`${scope}/Noise/weight`, get(`${from}.noise_weight`)],
        [`${scope}/bias`, get(`${from}.bias`)],
        [`${scope}/StyleMod/weight`, transposed(get(`${from}.style.weight`))],
        [`${scope}/StyleMod/bias`, get(`${from}.style.bias`)],
      );
    }
  }
  synthesis.push(
    ['ToRGB_lod0/weight', kernelLast(get('synthesis.torgb.weight'), false)],
    ['ToRGB_lod0/bias', get('synthesis.torgb.bias')],
  );
  // What progressive growing leaves of smaller resolutions.
  synthesis.push(
    ['ToRGB_lod1/weight', { dims: [1, 1, 3, 3], data: new Float32Array(9) }],
    ['ToRGB_lod1/bias', { dims: [3], data: new Float32Array(3) }],
  );
  const kwargs = new Map<string, unknown>([
    ['resolution', top],
    ['fused_scale', fused],
  ]);
  return tfNetworks({ version: 3, kwargs, mapping, synthesis, average: get('mapping.w_avg'), protocol: 3, ...more });
}

/** DatasetGAN's state dict. It holds neither noise nor the mean of w. */
export function datasetganState(tensors: TensorMap): Map<string, FloatTensor> {
  const get = (name: string) => tensors.get(name)!;
  const state = new Map<string, FloatTensor>();
  for (let i = 0; tensors.has(`mapping.fc${i}.weight`); i++)
    for (const part of ['weight', 'bias']) state.set(`g_mapping.dense${i}.${part}`, get(`mapping.fc${i}.${part}`));
  for (let r = 4; tensors.has(`synthesis.b${r}.conv1.weight`); r *= 2) {
    const block = `g_synthesis.blocks.${r}x${r}`;
    const from = `synthesis.b${r}`;
    if (r === 4) {
      state.set(`${block}.const`, { ...get(`${from}.const`), dims: [1, ...get(`${from}.const`).dims] });
      state.set(`${block}.bias`, get(`${from}.epilogue0.bias`));
    } else {
      state
        .set(`${block}.conv0_up.weight`, get(`${from}.conv0.weight`))
        .set(`${block}.conv0_up.bias`, get(`${from}.epilogue0.bias`));
      const kernel = Float32Array.of(1, 2, 1, 2, 4, 2, 1, 2, 1).map((value) => value / 16);
      state.set(`${block}.conv0_up.intermediate.kernel`, { dims: [1, 1, 3, 3], data: kernel });
    }
    const second = `${block}.${r === 4 ? 'conv' : 'conv1'}`;
    state.set(`${second}.weight`, get(`${from}.conv1.weight`)).set(`${second}.bias`, get(`${from}.epilogue1.bias`));
    for (const index of [0, 1]) {
      state.set(`${block}.epi${index + 1}.top_epi.noise.weight`, get(`${from}.epilogue${index}.noise_weight`));
      for (const part of ['weight', 'bias'])
        state.set(`${block}.epi${index + 1}.style_mod.lin.${part}`, get(`${from}.epilogue${index}.style.${part}`));
    }
  }
  for (const part of ['weight', 'bias']) state.set(`g_synthesis.torgb.${part}`, get(`synthesis.torgb.${part}`));
  return state;
}
