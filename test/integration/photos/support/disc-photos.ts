import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { AnnotatedMap } from '../../../../src/interpreter/sampling/annotation.ts';
import { encodeModel } from '../../../../src/onnx/encode.ts';
import type { Backbone } from '../../../../src/photos/backbone.ts';
import { liteGraph } from '../../../../src/photos/efficientnet-lite/lite-graph.ts';
import { type PhotoFile, photoFile } from '../../../../src/photos/photo-files.ts';
import { writeBackbone } from '../../../../src/photos/write-backbone.ts';
import { randomLite } from './random-lite.ts';

/** Two discs on a wall. */
export const DISC_LABELS = ['background', 'red', 'green'];

export interface DiscPhoto {
  readonly photo: PhotoFile;
  /** As the picture is shown. */
  readonly map: AnnotatedMap;
  /** Centre of the red disc. */
  readonly centre: { readonly x: number; readonly y: number };
}

/** Draws a picture of that size; `turned` stores it lying on its side, as cameras do. */
export async function drawDiscs(folder: string, name: string, width: number, height: number, turned = false): Promise<DiscPhoto> {
  const unit = Math.min(width, height);
  const shift = (name.charCodeAt(0) % 5) / 40;
  const discs = [
    { label: 1, x: width * (0.3 + shift), y: height * (0.35 + shift), radius: unit * 0.2, colour: [200, 40, 50] },
    { label: 2, x: width * (0.7 - shift), y: height * (0.65 - shift), radius: unit * 0.18, colour: [30, 170, 60] },
  ];
  const data = new Uint8Array(width * height);
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const disc = discs.find((own) => Math.hypot(own.x - x, own.y - y) < own.radius);
    data[i] = disc?.label ?? 0;
    rgb.set(disc?.colour ?? [120 + (i % 7), 130, 140], 3 * i);
  }
  const upright = sharp(rgb, { raw: { width, height, channels: 3 } });
  // Orientation 6: to be shown, the stored picture is turned by 90° to the right.
  const stored = turned ? upright.rotate(270).withMetadata({ orientation: 6 }) : upright;
  const file = join(folder, `${name}.png`);
  writeFileSync(file, await stored.png().toBuffer());
  return { photo: await photoFile(file, name), map: { width, height, data }, centre: { x: discs[0]!.x, y: discs[0]!.y } };
}

/** A small backbone with random weights, which sees colours and edges. */
export function randomBackbone(root: string): Promise<Backbone> {
  const repeats = [1, 1, 1, 1, 1, 1, 1];
  const { model, taps } = liteGraph(randomLite(repeats), repeats);
  return writeBackbone(root, encodeModel(model), {
    name: 'random',
    input: { name: 'picture', size: 256, step: 32, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    taps: taps.map((tap) => ({ ...tap, leadingTokens: null })),
    source: 'random numbers',
    licence: 'none',
    note: '',
  });
}
