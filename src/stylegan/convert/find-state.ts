import { unsupported } from '../checkpoint/refusal.ts';
import type { FloatTensor } from '../tensor-map.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { convertDatasetganStylegan1 } from './datasetgan-stylegan1.ts';
import { convertRosinality } from './rosinality.ts';

type Dict = ReadonlyMap<unknown, unknown>;

/** A generator's state dict somewhere in a file. */
export interface FoundState {
  /** Tensors as the file has them, by their names in the generator. */
  readonly tensors: ReadonlyMap<string, unknown>;
  /** The mean of w that belongs to it, as the file has it; undefined: none. */
  readonly average: unknown;
  readonly convert: (state: Map<string, FloatTensor>) => ConvertedNetwork;
}

/** State dicts that are understood, by a tensor that each of them has. */
const STATES = [
  { sign: 'conv1.conv.modulation.weight', convert: convertRosinality },
  { sign: 'g_synthesis.blocks.4x4.const', convert: convertDatasetganStylegan1 },
];
/** Keys of a dict and prefixes of names that go before all others, the first before the next. */
const KEYS = ['g_ema', 'params_ema', 'state_dict', ''];
const PREFIXES = ['', 'decoder.', 'generator.', 'module.'];
const MOVING_AVERAGE = /ema|avg|average|shadow/i;
/** The generator that is being trained, which stands beside its moving average. */
const IN_TRAINING = /(?:^|\.)g\.?$/i;
/** Dicts within dicts. */
const DEPTH = 2;

interface Candidate extends FoundState {
  readonly key: string;
  readonly prefix: string;
}

/**
 * The generator's tensors, under whatever key they are and whatever their names begin with. Of several the well-known place counts, then the one that is
 * called a moving average.
 * @returns undefined where there is none
 * @throws DatasetGanError `checkpoint-unsupported` where several are as good
 */
export function findState(content: Dict): FoundState | undefined {
  const candidates = [...dictsIn(content)].flatMap(([key, dict]) => statesIn(key, dict, content));
  const known = candidates
    .filter(({ key, prefix }) => KEYS.includes(key) && PREFIXES.includes(prefix))
    .toSorted((a, b) => rank(a) - rank(b));
  if (known[0] !== undefined) return known[0];
  const named = candidates.filter(({ key, prefix }) => !IN_TRAINING.test(key + prefix));
  const averages = named.filter(({ key, prefix }) => MOVING_AVERAGE.test(key + prefix));
  const [first, ...others] = averages.length > 0 ? averages : named;
  if (others.length === 0) return first;
  const places = [first!, ...others].map(placeOf).join(', ').slice(0, 200);
  throw unsupported(
    `The file contains several generators: ${places}.`,
    'In Python, save only one of them: torch.save({"g_ema": g_ema.state_dict()}, "weights.pt").',
  );
}

const rank = ({ key, prefix }: Candidate) => KEYS.indexOf(key) * PREFIXES.length + PREFIXES.indexOf(prefix);

const placeOf = ({ key, prefix }: Candidate) => [key, prefix.replace(/\.$/, '')].filter((part) => part !== '').join('.');

/** The dict and those in it, each once, with the keys that lead to it. */
function* dictsIn(content: Dict): Generator<readonly [key: string, dict: Dict]> {
  const seen = new Set<Dict>([content]);
  let level: (readonly [string, Dict])[] = [['', content]];
  for (let depth = 0; depth <= DEPTH; depth++) {
    yield* level;
    level = level.flatMap(([path, dict]) =>
      [...dict].flatMap(([name, inner]) => {
        if (typeof name !== 'string' || !(inner instanceof Map) || seen.has(inner)) return [];
        seen.add(inner);
        return [[path === '' ? name : `${path}.${name}`, inner as Dict] as const];
      }),
    );
  }
}

function statesIn(key: string, dict: Dict, content: Dict): Candidate[] {
  const names = [...dict.keys()].filter((name) => typeof name === 'string');
  return STATES.flatMap(({ sign, convert }) =>
    names
      .filter((name) => name === sign || name.endsWith(`.${sign}`))
      .map((name) => {
        const prefix = name.slice(0, -sign.length);
        const own = names.filter((one) => one.startsWith(prefix) && one !== 'latent_avg');
        const tensors = new Map(own.map((one) => [one.slice(prefix.length), dict.get(one)]));
        // At the well-known places it is beside the state dict; ids of networks depend on which one is taken.
        const inner = KEYS.includes(key) ? undefined : dict.get('latent_avg');
        const average = tensors.get('latent_avg') ?? inner ?? content.get('latent_avg');
        tensors.delete('latent_avg');
        return { key, prefix, tensors, average, convert };
      }),
  );
}
