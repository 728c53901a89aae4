import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import type { MarkedKeypoints } from '../keypoints/keypoint.ts';
import { picturesIn, readLabels } from '../photos/annotated-folder.ts';
import { messageOf } from '../thrown.ts';
import type { LabelledFile } from './labelled-file.ts';

/** Pairs of a folder, by name. The maps are not read. */
export interface PairsFolder {
  /** In the order of their index, [0] the background. */
  readonly labels: readonly string[];
  /** In the order of their index; empty where the folder has none. */
  readonly keypoints: readonly string[];
  readonly pairs: readonly LabelledFile[];
}

const cell = z.object({ name: z.string(), x: z.number().nullable(), y: z.number().nullable(), visibility: z.number() });
const row = z.object({ name: z.string(), keypoints: z.array(cell).nullable().optional() });

/**
 * The pairs of a folder that an order or `export` wrote as index PNG: `images/`, `masks/NAME.png`, `labels.json`, and the keypoints in `pairs.jsonl`.
 * @throws DatasetGanError `not-found`, `bad-annotation` that names the file
 */
export async function pairsInFolder(folder: string): Promise<PairsFolder> {
  const labels = await readLabels(join(folder, 'labels.json'));
  const known = await keypointsIn(join(folder, 'pairs.jsonl'));
  const files = await picturesIn(join(folder, 'images'));
  const pairs = files.map((file) => {
    const name = basename(file, extname(file));
    const picture = join(folder, 'images', file);
    return { picture, map: join(folder, 'masks', `${name}.png`), keypoints: known.points.get(name) ?? null };
  });
  return { labels, keypoints: known.names, pairs };
}

async function keypointsIn(file: string): Promise<{ names: string[]; points: Map<string, MarkedKeypoints> }> {
  const points = new Map<string, MarkedKeypoints>();
  let names: string[] = [];
  if (!existsSync(file)) return { names, points };
  try {
    for (const line of (await readFile(file, 'utf8')).split('\n').filter(Boolean)) {
      const { name, keypoints } = row.parse(JSON.parse(line));
      if (keypoints == null) continue;
      names = keypoints.map((own) => own.name);
      const marked = keypoints.map(({ x, y, visibility }) =>
        x === null || y === null ? null : { x, y, ...(visibility === 1 ? { occluded: true as const } : {}) },
      );
      points.set(name, marked);
    }
  } catch (cause) {
    throw new DatasetGanError('bad-annotation', `${file} cannot be used: ${messageOf(cause)}`, {
      fix: 'Export the dataset again, with --format index-png.',
      cause,
    });
  }
  return { names, points };
}
