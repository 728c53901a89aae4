import type { Dense, MappingNetwork } from './mapping.ts';
import { badNetwork, type TensorReader } from './tensor-reader.ts';

/** ε of the normalisation of latents, in all StyleGANs. */
const EPSILON = 1e-8;

/**
 * The mapping network of `mapping.fc0.{weight,bias}` …, `mapping.w_avg`, and of `mapping.embed.*` or `mapping.label_concat.weight` where there are classes.
 * @throws DatasetGanError `bad-generator` that names the tensor
 */
export function readMapping(
  reader: TensorReader,
  settings: Pick<MappingNetwork, 'numWs' | 'lrMultiplier' | 'activation' | 'gainOn'> & { readonly epsilon?: number },
): MappingNetwork {
  const wAvg = reader.take('mapping.w_avg', [null]);
  const wDim = wAvg.dims[0]!;
  const embed = reader.has('mapping.embed.weight') ? readDense(reader, 'mapping.embed', null, null) : undefined;
  const labelConcat = reader.has('mapping.label_concat.weight')
    ? reader.take('mapping.label_concat.weight', [null, null])
    : undefined;
  if (embed !== undefined && labelConcat !== undefined) throw badNetwork('it has two inputs for classes');
  const layers: Dense[] = [];
  while (reader.has(`mapping.fc${layers.length}.weight`))
    layers.push(readDense(reader, `mapping.fc${layers.length}`, layers.at(-1)?.weight.dims[0] ?? null, null));
  const [first, last] = [layers[0], layers.at(-1)];
  if (first === undefined || last === undefined) throw badNetwork("the tensor 'mapping.fc0.weight' is missing");
  if (last.weight.dims[0] !== wDim)
    throw badNetwork(`the mapping network gives ${last.weight.dims[0]} numbers, but w_avg has ${wDim}`);
  const zDim = first.weight.dims[1]! - (embed?.weight.dims[0] ?? labelConcat?.dims[0] ?? 0);
  if (zDim < 1) throw badNetwork('the mapping network has no input for the latent');
  const cDim = embed?.weight.dims[1] ?? labelConcat?.dims[1] ?? 0;
  const { epsilon = EPSILON, ...others } = settings;
  return { zDim, cDim, wDim, embed, labelConcat, layers, wAvg: wAvg.data, epsilon, ...others };
}

/** A fully connected layer, `inputs` and `outputs` null for any number. */
export function readDense(reader: TensorReader, name: string, inputs: number | null, outputs: number | null): Dense {
  const weight = reader.take(`${name}.weight`, [outputs, inputs]);
  return { weight, bias: reader.take(`${name}.bias`, [weight.dims[0]!]) };
}
