import { readFile } from 'node:fs/promises';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError, isError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { type ComputedValues, computedValues, withOutputs } from '../onnx/exposed-values.ts';
import { messageOf } from '../thrown.ts';
import type { Backbone } from './backbone.ts';
import type { BackboneCard } from './backbone-card.ts';
import { badBackbone } from './bad-backbone.ts';
import { type BackboneDescription, writeBackbone } from './write-backbone.ts';

/** What the owner of an ONNX file says about it. */
export interface ImportBackboneInput extends Pick<BackboneDescription, 'name' | 'licence' | 'source'> {
  /** The folder of backbones. */
  readonly root: string;
  readonly file: string;
  /** Names of values of the graph, outputs or not. */
  readonly taps: readonly string[];
  /** Pixels on a side of the picture; undefined: what the file says. */
  readonly size?: number | undefined;
  readonly mean: BackboneCard['input']['mean'];
  readonly std: BackboneCard['input']['std'];
}

/**
 * Makes a backbone of an ONNX file of any exporter: runs it once on an empty picture, and tells from what comes out the channels and the stride of each
 * tap. Maps [1, C, h, w] are taps, and tokens [1, n, C] of a vision transformer, whose last h·w are the patches row by row.
 * @throws DatasetGanError `not-found`; `bad-backbone` that says what is missing; writeBackbone's
 */
export async function importBackbone(input: ImportBackboneInput, context: EngineContext): Promise<Backbone> {
  const { root, name, file, taps: names, mean, std, licence, source } = input;
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new DatasetGanError('not-found', `${file} cannot be read: ${messageOf(cause)}`, { fix: 'Check its path.', cause });
  });
  const onnx = new Uint8Array(withTaps(bytes, names));
  const session = await loaded(context, onnx);
  const picture = pictureInput(session);
  const size = input.size ?? picture.size;
  if (size === undefined) throw badBackbone('it takes pictures of any size, so yours is not known', 'Give --size, such as 518.');
  if (picture.size !== undefined && picture.size !== size)
    throw badBackbone(`it takes ${picture.size} px, not ${size}`, `Omit --size, or export it for ${size} px.`);
  const outputs = await triedOn(session, picture.name, size, names);
  const taps = names.map((tap) => tapOf(tap, outputs[tap]!.dims, size));
  const step = picture.size === undefined ? Math.max(...taps.map(({ stride }) => stride)) : null;
  return writeBackbone(root, onnx, {
    name,
    input: { name: picture.name, size, step, mean, std },
    taps,
    source,
    licence,
    note: '',
  });
}
export const importBackboneTask = engineTask(import.meta.url, importBackbone);

function withTaps(file: Uint8Array, names: readonly string[]): Uint8Array {
  let known: ComputedValues;
  try {
    known = computedValues(file);
    const unknown = names.find((name) => !known.values.includes(name));
    if (unknown !== undefined) throw unknownTap(unknown, known);
    return withOutputs(file, names);
  } catch (cause) {
    if (isError(cause, 'bad-backbone')) throw cause;
    throw badBackbone('the file is not an ONNX model', 'Export the network with torch.onnx.export, in one file.', cause);
  }
}

/** Values that an error names. */
const LISTED = 5;

function unknownTap(name: string, { values, outputs }: ComputedValues): DatasetGanError {
  const near = nearestName(name, values);
  const listed = [...(near === undefined ? [] : [near]), ...outputs, ...values.slice(-LISTED)];
  const examples = [...new Set(listed)].slice(0, LISTED).join(', ');
  return badBackbone(
    `its graph has no value '${name}'`,
    `It has, for example: ${examples}. A viewer such as Netron shows all of them.`,
  );
}

async function loaded(context: EngineContext, onnx: Uint8Array): Promise<InferenceSession> {
  try {
    // A copy: what a session is built from is given away.
    return await context.session(`import backbone ${Date.now()}`, 0, () => onnx.slice());
  } catch (cause) {
    throw badBackbone(`ONNX Runtime does not accept it: ${messageOf(cause)}`, undefined, cause);
  }
}

/** Its one input, and the size of its pictures where the file says one. */
function pictureInput({ inputMetadata }: InferenceSession): { name: string; size: number | undefined } {
  const [picture, ...others] = inputMetadata;
  const names = inputMetadata.map(({ name }) => name).join(', ');
  if (picture === undefined || others.length > 0)
    throw badBackbone(`it has ${inputMetadata.length} inputs (${names})`, 'Export it with one input, the picture.');
  if (!picture.isTensor || picture.type !== 'float32' || picture.shape.length !== 4 || picture.shape[1] !== 3)
    throw badBackbone(
      `its input '${picture.name}' is not a picture`,
      'Export it with an input of float32 [1, 3, height, width].',
    );
  const [, , height, width] = picture.shape;
  if (typeof height !== 'number' || typeof width !== 'number' || height < 1 || width < 1)
    return { name: picture.name, size: undefined };
  if (height !== width) throw badBackbone(`it takes ${width} x ${height} px`, 'Export it for square pictures.');
  return { name: picture.name, size: height };
}

async function triedOn(session: InferenceSession, name: string, size: number, taps: readonly string[]) {
  const picture = new Tensor('float32', new Float32Array(3 * size * size), [1, 3, size, size]);
  try {
    return await session.run({ [name]: picture }, [...taps]);
  } catch (cause) {
    throw badBackbone(`it does not run on ${size} px: ${messageOf(cause)}`, 'Use a --size that it was exported for.', cause);
  }
}

/** What a value of these dims is as a tap of pictures of size × size. */
function tapOf(name: string, dims: readonly number[], size: number): BackboneCard['taps'][number] {
  const refused = (problem: string) =>
    badBackbone(
      `the tap '${name}' is [${dims.join(', ')}]: ${problem}`,
      'Name values with the maps or the tokens of one picture.',
    );
  const [batch, first, second, third] = dims;
  if (batch !== 1 || first === undefined || second === undefined) throw refused('it is not a map of a picture');
  const isMap = dims.length === 4;
  if (!isMap && dims.length !== 3) throw refused('it is not a map of a picture');
  if (isMap && second !== third) throw refused('it is not square');
  const side = isMap ? second : Math.floor(Math.sqrt(first));
  if (side < 1 || size % side !== 0) throw refused(`a side of ${side} does not divide ${size} px`);
  const stride = size / side;
  return isMap
    ? { name, channels: first, stride, leadingTokens: null }
    : { name, channels: second, stride, leadingTokens: first - side * side };
}
