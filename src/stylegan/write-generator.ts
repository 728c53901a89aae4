import { createHash } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { encodeModel } from '../onnx/encode.ts';
import { writeFolderWhole } from '../write-whole.ts';
import { type Generator, openGenerator } from './generator.ts';
import { type GeneratorCard, generatorCardSchema } from './generator-card.ts';
import { generatorId, networkHash } from './generator-id.ts';
import type { GeneratorGraphs } from './graph/generator-graphs.ts';
import type { TensorMap } from './tensor-map.ts';

/** What the person who imports a network says about it. */
export interface GeneratorDescription
  extends Pick<GeneratorCard, 'name' | 'psi' | 'cutoff' | 'source' | 'licence' | 'commercialUse' | 'note'> {
  /** Rows of the picture that are shown and labelled; default all. */
  readonly rows?: GeneratorCard['rows'] | undefined;
  /** Width of the label maps; default min(R, 512). */
  readonly labelWidth?: number | undefined;
  /** Name of the family's choice of taps; default `default`. */
  readonly tapSet?: string | undefined;
}

/**
 * Writes a generator folder: `generator.json`, `mapping.onnx`, `synthesis.onnx`; the same input gives the same bytes. A folder of that name
 * is always whole. It outlives a power cut, since versions and datasets are worth nothing without it.
 * @throws DatasetGanError `bad-generator` for a description that does not fit, `bad-request` if the folder is there already, `disk-full`
 */
export async function writeGenerator(
  folder: string,
  tensors: TensorMap,
  graphs: GeneratorGraphs,
  description: GeneratorDescription,
): Promise<Generator> {
  const mapping = encodeModel(graphs.mapping);
  const synthesis = encodeModel(graphs.synthesis);
  const card = makeCard(tensors, graphs, description, { 'mapping.onnx': sha256(mapping), 'synthesis.onnx': sha256(synthesis) });
  if (await exists(folder))
    throw new DatasetGanError('bad-request', `The folder ${folder} already has a generator.`, {
      fix: 'Choose another name, or delete it.',
    });
  const whenFull = `Free ${((mapping.length + synthesis.length) / 1e6).toFixed(0)} MB and import again.`;
  await writeFolderWhole(folder, { outlives: 'power-cut', whenFull }, async (unfinished) => {
    await writeFile(join(unfinished, 'mapping.onnx'), mapping);
    await writeFile(join(unfinished, 'synthesis.onnx'), synthesis);
    await writeFile(join(unfinished, 'generator.json'), `${JSON.stringify(card, null, 1)}\n`);
  });
  return openGenerator(folder);
}

function makeCard(
  tensors: TensorMap,
  graphs: GeneratorGraphs,
  { rows: given, labelWidth, tapSet = 'default', ...described }: GeneratorDescription,
  files: GeneratorCard['files'],
): GeneratorCard {
  const { mapping: _mapping, synthesis: _synthesis, wAvg, tapSets, ...network } = graphs;
  const taps = tapSets[tapSet];
  if (taps === undefined)
    throw new DatasetGanError('bad-request', `A ${graphs.family} network has no tap set '${tapSet}'.`, {
      fix: `Use one of: ${Object.keys(tapSets).join(', ')}.`,
    });
  const { resolution } = network;
  const rows = given ?? { from: 0, to: resolution };
  const width = labelWidth ?? Math.min(resolution, 512);
  const labelSize = { width, height: (width * (rows.to - rows.from)) / resolution };
  const identity = { ...network, taps, networkSha256: networkHash(tensors), rows, labelSize };
  const card = { format: 1, id: generatorId(identity), ...described, ...identity, wAvg: [...wAvg], files };
  const parsed = generatorCardSchema.safeParse(card);
  if (parsed.success) return parsed.data;
  throw new DatasetGanError('bad-generator', `The generator cannot be written:\n${z.prettifyError(parsed.error)}`);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
