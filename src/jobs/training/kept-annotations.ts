import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { summariseAnnotation } from '../../interpreter/versions/version-id.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { decodeIndexPng, encodeIndexPng } from '../../masks/png/png.ts';
import { writeFileWhole } from '../../write-whole.ts';
import type { DataFolder } from '../product/data-folder.ts';

/**
 * Keeps a label map that a version learns from, by the sha256 that the version's record names it by: the annotation may be changed later. It
 * outlives a power cut, as the version does.
 * @throws DatasetGanError `disk-full`
 */
export async function keepAnnotation(folder: DataFolder, sha256: string, map: LabelMap): Promise<void> {
  const file = folder.annotation(sha256);
  if (!existsSync(file)) await writeFileWhole(file, await encodeIndexPng(map), { outlives: 'power-cut' });
}

/** A label map that was kept; undefined when it is not there or is damaged. */
export async function keptAnnotation(folder: DataFolder, sha256: string, labels: number): Promise<LabelMap | undefined> {
  try {
    const map = await decodeIndexPng(await readFile(folder.annotation(sha256)));
    return summariseAnnotation(map, labels).sha256 === sha256 ? map : undefined;
  } catch {
    return undefined;
  }
}
