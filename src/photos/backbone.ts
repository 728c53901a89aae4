import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DatasetGanError, toError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import { type BackboneCard, backboneCardSchema } from './backbone-card.ts';
import { USUAL_BACKBONE } from './published-backbones.ts';

/** A backbone's folder: `backbone.json` and `backbone.onnx`. Plain data: it is structured-cloned into worker threads. */
export interface Backbone {
  readonly folder: string;
  readonly card: BackboneCard;
}

const REPAIR = 'Delete its folder, then fetch or import it again.';

/** The backbones in a folder of folders, by name, and what is wrong with the others. A folder that does not exist has none. */
export async function listBackbones(
  root: string,
): Promise<{ backbones: Backbone[]; problems: { folder: string; error: DatasetGanError }[] }> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const backbones: Backbone[] = [];
  const problems: { folder: string; error: DatasetGanError }[] = [];
  for (const name of names.sort()) {
    const folder = join(root, name);
    try {
      backbones.push({ folder, card: await readCard(folder) });
    } catch (thrown) {
      problems.push({ folder, error: toError(thrown) });
    }
  }
  return { backbones, problems };
}

/** @throws DatasetGanError `unknown-backbone` that names the known ones; `bad-backbone` if its card is wrong */
export async function findBackbone(root: string, name: string): Promise<Backbone> {
  const { backbones, problems } = await listBackbones(root);
  const found = backbones.find(({ card }) => card.name === name);
  if (found !== undefined) return found;
  const problem = problems.find(({ folder }) => folder === join(root, name));
  if (problem !== undefined) throw problem.error;
  const known = backbones.map(({ card }) => card.name).join(', ') || 'none';
  throw new DatasetGanError('unknown-backbone', `There is no backbone '${name}'. There are: ${known}.`, {
    fix: `Get one with \`datasetgan backbones fetch ${USUAL_BACKBONE}\`, or import a file with \`datasetgan backbones import\`.`,
  });
}

/** The ONNX file, its sha256 checked. @throws DatasetGanError `corrupt-file` */
export async function readBackboneFile({ folder, card }: Backbone): Promise<Uint8Array> {
  const path = join(folder, 'backbone.onnx');
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DatasetGanError('corrupt-file', `The backbone '${card.name}' cannot read ${path}: ${messageOf(cause)}`, {
      fix: REPAIR,
      cause,
    });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== card.files['backbone.onnx'])
    throw new DatasetGanError('corrupt-file', `The file ${path} of the backbone '${card.name}' was altered or truncated.`, {
      fix: REPAIR,
    });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function readCard(folder: string): Promise<BackboneCard> {
  const path = join(folder, 'backbone.json');
  try {
    return backboneCardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new DatasetGanError('bad-backbone', `${path} cannot be used: ${problem}`, { fix: REPAIR, cause });
  }
}
