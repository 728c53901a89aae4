import { isTensor, materialised, materialisedDict } from '../checkpoint/materialised.ts';
import { Opaque } from '../checkpoint/opaque.ts';
import { PersistentObject } from '../checkpoint/persistent-object.ts';
import { unsupported } from '../checkpoint/refusal.ts';
import { Budget } from '../checkpoint/strided.ts';
import { TfNetwork } from '../checkpoint/tf-network.ts';
import { averageLatent } from './average-latent.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { findState } from './find-state.ts';
import { convertNvlabsStylegan2 } from './nvlabs-stylegan2.ts';
import { convertNvlabsStylegan3 } from './nvlabs-stylegan3.ts';
import { convertTfStylegan1 } from './tf-stylegan1.ts';
import { convertTfStylegan2 } from './tf-stylegan2.ts';

type Dict = ReadonlyMap<unknown, unknown>;

/**
 * Finds the generator in what readCheckpoint gave, tells its family and brings it to one form. Of all networks in the file only this one is
 * copied: the moving average of the generator.
 * @param fileBytes size of the file, which bounds what is copied
 * @throws DatasetGanError `checkpoint-unsupported` that says what the file is instead, `checkpoint-damaged`, `checkpoint-hostile`
 */
export function convertCheckpoint(content: unknown, fileBytes: number): ConvertedNetwork {
  const budget = new Budget(fileBytes);
  const converted = convert(content, budget);
  for (const [name, { data }] of converted.tensors)
    if (!data.every(Number.isFinite))
      throw unsupported(
        `The weights of '${name}' are not all finite: the training of this network failed.`,
        'Use an earlier snapshot.',
      );
  return converted;
}

function convert(content: unknown, budget: Budget): ConvertedNetwork {
  if (content instanceof PersistentObject) return convertPersistent(content, budget);
  if (content instanceof TfNetwork) return convertTf(content, budget);
  if (Array.isArray(content) && content.length === 3 && content.every((network) => network instanceof TfNetwork))
    return convertTf(content[2]!, budget);
  if (content instanceof Map) return convertDict(content, budget);
  throw unsupported(
    'The file contains no generator.',
    'Use the snapshot of a StyleGAN: a .pkl with G_ema or Gs, or a .pt with g_ema.',
  );
}

function convertPersistent(network: PersistentObject, budget: Budget): ConvertedNetwork {
  if (network.className === 'Generator') {
    const synthesis = new Map(network.held('_modules')).get('synthesis');
    const isLater = synthesis instanceof PersistentObject && [...synthesis.held('_modules')].some(([name]) => name === 'input');
    return isLater ? convertNvlabsStylegan3(network, budget) : convertNvlabsStylegan2(network, budget);
  }
  throw unsupported(
    `The network is a ${network.className.slice(0, 60)}, not the Generator of a StyleGAN.`,
    'Use an unmodified StyleGAN. Forks such as StyleGAN-XL, EG3D or Projected GAN are not supported.',
  );
}

function convertTf(network: TfNetwork, budget: Budget): ConvertedNetwork {
  if (network.version === 4 || network.version === 5) return convertTfStylegan2(network, budget);
  if (network.version === 3) return convertTfStylegan1(network, budget);
  throw unsupported('The network is older than StyleGAN1, or newer than StyleGAN2-ADA.', 'Use a StyleGAN1 or StyleGAN2.');
}

function convertDict(content: Dict, budget: Budget): ConvertedNetwork {
  const moving = content.get('G_ema');
  if (moving instanceof PersistentObject) return convertPersistent(moving, budget);
  const state = findState(content);
  if (state === undefined)
    throw unsupported(describe(content), 'Use the snapshot of a StyleGAN: a .pkl with G_ema or Gs, or a .pt with g_ema.');
  const converted = state.convert(materialisedDict(state.tensors, budget));
  const { average } = state;
  if (isTensor(average)) converted.tensors.set('mapping.w_avg', averageLatent(materialised(average, budget), converted.wDim));
  return converted;
}

/** What a dict without a generator most likely is. */
function describe(content: Dict): string {
  const names = [...content.keys()].filter((name) => typeof name === 'string');
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (content.has('param_groups')) return 'The file contains the state of an optimiser, not a network.';
  if (content.has('GAN') || has(/^(?:S\.net|GE?\.blocks)\b/))
    return 'The network comes from lucidrains’ stylegan2_pytorch, which has another architecture.';
  if (content.get('args') instanceof Opaque || content.has('d') || content.has('D'))
    return 'The file contains a training state without the moving average of a generator.';
  const shown = listed(content, 5, (name, value) =>
    value instanceof Map && value.size > 0 ? `${name} (${listed(value, 3, (inner) => inner)})` : name,
  );
  return `The file contains no generator${shown === '' ? '' : `, but ${shown}`}.`;
}

/** The first names of a dict, and that there are more. */
function listed(dict: Dict, most: number, show: (name: string, value: unknown) => string): string {
  const named = [...dict].filter((entry): entry is [string, unknown] => typeof entry[0] === 'string');
  const shown = named.slice(0, most).map(([name, value]) => show(name.slice(0, 60), value));
  return [...shown, ...(named.length > most ? ['…'] : [])].join(', ');
}
