import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnnotatedMap } from '../../../src/interpreter/sampling/annotation.ts';
import type { MarkedKeypoints } from '../../../src/keypoints/keypoint.ts';
import { rasterizePolygon } from '../../../src/masks/polygons/polygon-raster.ts';
import { PHOTOS } from '../../support/needs.ts';

/** Photographs that other people labelled; what they may be used for, their README says. */
export interface LabelledPhotos<T> {
  readonly names: readonly string[];
  readonly photos: readonly (T & { readonly file: string })[];
}

interface Coco {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly category_id: number;
    readonly segmentation: readonly (readonly number[])[];
  }[];
}

/** 120 cars with 18 parts (dsmlr/Car-Parts-Segmentation); label 0 is the background. */
export function carParts(): LabelledPhotos<{ readonly map: AnnotatedMap }> {
  const folder = join(PHOTOS, 'car-parts');
  const coco = JSON.parse(readFileSync(join(folder, 'annotations.json'), 'utf8')) as Coco;
  const labelOf = new Map(coco.categories.map(({ id }, label) => [id, label]));
  const photos = coco.images.map(({ id, file_name, width, height }) => {
    const data = new Uint8Array(width * height);
    for (const { category_id, segmentation } of coco.annotations.filter(({ image_id }) => image_id === id)) {
      for (const points of segmentation) {
        const ring = Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!] as const);
        const { start, mask } = rasterizePolygon(ring, width, height);
        for (const [i, set] of mask.entries()) if (set > 0) data[start + i] = labelOf.get(category_id)!;
      }
    }
    return { file: join(folder, file_name), map: { width, height, data } };
  });
  return { names: coco.categories.map(({ name }) => name), photos };
}

/** 70 frames of a mouse from above with four keypoints (DeepLabCut's example), in their order. */
export function openfield(): LabelledPhotos<{ readonly points: MarkedKeypoints }> {
  const folder = join(PHOTOS, 'openfield');
  const [head, ...rows] = readFileSync(join(folder, 'keypoints.csv'), 'utf8').trim().split('\n');
  const names = head!
    .split(',')
    .slice(1)
    .filter((_, i) => i % 2 === 0)
    .map((name) => name.trim().replace(/_x$/, ''));
  const photos = rows.map((row) => {
    const [file, ...numbers] = row.trim().split(',');
    const points = names.map((_, k) => {
      const [x, y] = [numbers[2 * k]!, numbers[2 * k + 1]!];
      return x === '' || y === '' ? null : { x: Number(x), y: Number(y) };
    });
    return { file: join(folder, file!), points };
  });
  return { names, photos };
}
