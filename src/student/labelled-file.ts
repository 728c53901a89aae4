import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DatasetGanError } from '../errors.ts';
import { type AnnotatedMap, countLabels, UNLABELLED } from '../interpreter/sampling/annotation.ts';
import { withoutSlips } from '../interpreter/sampling/slips.ts';
import type { MarkedKeypoints } from '../keypoints/keypoint.ts';
import { decodeIndexPng } from '../masks/png/png.ts';
import { photoSize } from '../photos/read-photo.ts';
import { messageOf } from '../thrown.ts';

/** A picture with its label map on this machine, synthesized or annotated. Plain data: it is structured-cloned into worker threads. */
export interface LabelledFile {
  /** PNG, JPEG or whatever photographs are, of any size. */
  readonly picture: string;
  /** Index PNG of any size: grey value = label, 255 = uncertain or unknown. It covers the whole picture. */
  readonly map: string;
  /** By keypoint index, in pixels of the label map; null: nothing is known of keypoints. */
  readonly keypoints: MarkedKeypoints | null;
}

/** What is known of one when both of its files have been read. */
export interface DescribedFile extends LabelledFile {
  /** sha256 of each file, hex. */
  readonly photo: string;
  readonly annotation: string;
  /** Pixels of the picture as it is shown. */
  readonly width: number;
  readonly height: number;
  readonly mapSize: Pick<AnnotatedMap, 'width' | 'height'>;
  /** Labels in the map, slips left out, ascending. */
  readonly classes: readonly number[];
}

/** @throws DatasetGanError `bad-photo`, `bad-annotation` */
export async function describeFile(own: LabelledFile, labels: number): Promise<DescribedFile> {
  const [picture, png] = await Promise.all([readFile(own.picture), readFile(own.map)]).catch((cause: unknown) => {
    throw new DatasetGanError('bad-photo', `A pair cannot be read: ${messageOf(cause)}`, {
      fix: 'Write the pairs again.',
      cause,
    });
  });
  const map = await decodeMap(png, own.map, labels);
  const counts = countLabels(withoutSlips(map, labels).map.data, labels);
  return {
    ...own,
    photo: sha256(picture),
    annotation: sha256(png),
    ...(await photoSize(picture)),
    mapSize: { width: map.width, height: map.height },
    classes: [...counts.keys()].filter((label) => counts[label]! > 0),
  };
}

/** @throws DatasetGanError `bad-annotation` */
export async function readMap({ map }: LabelledFile, labels: number): Promise<AnnotatedMap> {
  return withoutSlips(await decodeMap(await readFile(map), map, labels), labels).map;
}

async function decodeMap(png: Uint8Array, file: string, labels: number): Promise<AnnotatedMap> {
  try {
    const map = await decodeIndexPng(png);
    const wrong = map.data.find((label) => label >= labels && label !== UNLABELLED);
    if (wrong !== undefined) throw new Error(`it has the label ${wrong}, but there are ${labels} labels`);
    return map;
  } catch (cause) {
    throw new DatasetGanError('bad-annotation', `${file} cannot be used: ${messageOf(cause)}`, { fix: 'Write it again.', cause });
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
