import { createHash } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { writeFolderWhole } from '../write-whole.ts';
import type { Backbone } from './backbone.ts';
import { type BackboneCard, backboneCardSchema, backboneId } from './backbone-card.ts';
import { badBackbone } from './bad-backbone.ts';

/** What is said of a backbone, beside its file. */
export type BackboneDescription = Omit<BackboneCard, 'format' | 'id' | 'files'>;

/**
 * Writes a backbone's folder ROOT/NAME, whole or not at all; the same input gives the same bytes.
 * @throws DatasetGanError `bad-backbone` for a description that does not fit, `bad-request` if the folder is there already, `disk-full`
 */
export async function writeBackbone(root: string, onnx: Uint8Array, description: BackboneDescription): Promise<Backbone> {
  const files = { 'backbone.onnx': createHash('sha256').update(onnx).digest('hex') };
  const parsed = backboneCardSchema.safeParse({ format: 1, id: backboneId({ ...description, files }), ...description, files });
  if (!parsed.success) throw badBackbone(z.prettifyError(parsed.error), 'Change the options that it names.');
  const card = parsed.data;
  const folder = await freeFolder(root, card.name);
  await writeFolderWhole(folder, { outlives: 'power-cut' }, async (unfinished) => {
    await writeFile(join(unfinished, 'backbone.onnx'), onnx);
    await writeFile(join(unfinished, 'backbone.json'), `${JSON.stringify(card, null, 1)}\n`);
  });
  return { folder, card };
}

/** The folder of a backbone that is still to be made. @throws DatasetGanError `bad-request` if it is there already */
export async function freeFolder(root: string, name: string): Promise<string> {
  const folder = join(root, name);
  const taken = await access(folder).then(
    () => true,
    () => false,
  );
  if (!taken) return folder;
  throw new DatasetGanError('bad-request', `There is a backbone '${name}' already, in ${folder}.`, {
    fix: 'Use it, delete its folder, or import under another --name.',
  });
}
