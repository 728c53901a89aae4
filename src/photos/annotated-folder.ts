import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { type AnnotatedMap, UNLABELLED } from '../interpreter/sampling/annotation.ts';
import { decodeIndexPng } from '../masks/png/png.ts';
import { messageOf } from '../thrown.ts';
import { type PhotoFile, photoFile } from './photo-files.ts';

/** Photographs with their masks. */
export interface AnnotatedFolder {
  /** In the order of their index, [0] the background. */
  readonly labels: readonly string[];
  /** Photographs by name; the masks have their own sizes. */
  readonly photos: readonly { readonly photo: PhotoFile; readonly mask: AnnotatedMap }[];
}

const PICTURE = /\.(?:jpe?g|png|webp|tiff?|gif|avif)$/i;

const labelsSchema = z.object({ labels: z.array(z.object({ value: z.number().int(), name: z.string() })).min(1) });

/** The pictures in a folder, by name. @throws DatasetGanError `not-found` for a folder that cannot be read */
export async function picturesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new DatasetGanError('not-found', `${folder} cannot be read: ${messageOf(cause)}`, { fix: 'Check its path.', cause });
  });
  return names.filter((name) => PICTURE.test(name)).sort();
}

/**
 * Reads what `export --from-annotations PROJECT --format index-png` writes: `images/`, `masks/NAME.png` (grey value = label, 255 = unknown), and
 * `labels.json`.
 * @throws DatasetGanError `not-found`, `bad-annotation` that names the file, `bad-photo`
 */
export async function readAnnotatedFolder(folder: string): Promise<AnnotatedFolder> {
  const labels = await readLabels(join(folder, 'labels.json'));
  const photos = [];
  for (const file of await picturesIn(join(folder, 'images'))) {
    const name = basename(file, extname(file));
    const mask = await readMask(join(folder, 'masks', `${name}.png`), labels.length);
    photos.push({ photo: await photoFile(join(folder, 'images', file), name), mask });
  }
  return { labels, photos };
}

/** Labels by their index, of a `labels.json`. @throws DatasetGanError `bad-annotation` */
export async function readLabels(file: string): Promise<string[]> {
  try {
    const { labels } = labelsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return labels.toSorted((a, b) => a.value - b.value).map(({ name }) => name);
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new DatasetGanError('bad-annotation', `${file} cannot be used: ${problem}`, {
      fix: 'Write the folder with: export DATASET --format index-png, or export --from-annotations PROJECT --format index-png',
      cause,
    });
  }
}

async function readMask(file: string, labels: number): Promise<AnnotatedMap> {
  try {
    const mask = await decodeIndexPng(await readFile(file));
    const wrong = mask.data.find((label) => label >= labels && label !== UNLABELLED);
    if (wrong !== undefined) throw new Error(`it has the label ${wrong}, but labels.json has ${labels} labels`);
    return mask;
  } catch (cause) {
    throw new DatasetGanError('bad-annotation', `${file} cannot be used: ${messageOf(cause)}`, {
      fix: 'Write it again, or delete its picture.',
      cause,
    });
  }
}
