import { engineTask } from '../../engine/task.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { encodeRgbPng } from '../../masks/png/png.ts';
import type { ExportFormat } from '../export-format.ts';
import { mapAhead } from '../map-ahead.ts';
import { type MaskInput, maskObjects } from './mask-objects.ts';
import { type Box, boxes } from './mask-pieces.ts';
import { COCO_ANNOTATIONS, COCO_PICTURES, writeCoco } from './write-coco.ts';

interface Segment {
  readonly id: number;
  readonly category_id: number;
  readonly area: number;
  readonly bbox: Box;
  readonly iscrowd: 0;
}

interface Panoptic {
  readonly png: Uint8Array;
  readonly segments: readonly Segment[];
}

export interface PanopticInput extends MaskInput {
  /** Category of the background. */
  readonly background: number;
}

/**
 * Segments of COCO panoptic: one for each object of each label, one for all of the background; pixels that are to be ignored are 0, void. In
 * the PNG a pixel's segment is red + 256 · green + 65,536 · blue.
 */
export async function panopticSegments({ background, ...input }: PanopticInput): Promise<Panoptic> {
  const { map, ids, components } = await maskObjects(input);
  const { width, height } = map;
  // Segment of each object: 0 void, 1 background, 2 … the objects.
  const categories = [0, background];
  const segmentOf = components.map(({ label }) => {
    if (label === UNKNOWN) return 0;
    return label === 0 ? 1 : categories.push(label) - 1;
  });
  const areas = new Uint32Array(categories.length);
  const segmentIds = new Uint32Array(ids.length);
  const rgb = new Uint8Array(3 * ids.length);
  for (let i = 0; i < ids.length; i++) {
    const segment = segmentOf[ids[i]!]!;
    segmentIds[i] = segment;
    areas[segment]!++;
    rgb[3 * i] = segment;
    rgb[3 * i + 1] = segment >> 8;
    rgb[3 * i + 2] = segment >> 16;
  }
  const around = boxes(segmentIds, categories.length, map);
  const segments = categories.flatMap((category_id, id) =>
    id === 0 || areas[id] === 0 ? [] : [{ id, category_id, area: areas[id]!, bbox: around[id]!, iscrowd: 0 as const }],
  );
  return { png: await encodeRgbPng(rgb, width, height), segments };
}
const panopticSegmentsTask = engineTask(import.meta.url, panopticSegments);

/** `annotations/panoptic_SPLIT.json` with its PNGs, and the pictures in `SPLIT/`. */
export const cocoPanoptic: ExportFormat = {
  title: 'COCO, panoptic',
  kinds: [...COCO_PICTURES, { name: 'segments', files: 'annotations/panoptic_*/*.png', type: 'image/png' }, COCO_ANNOTATIONS],
  notes: {
    layout: `- \`train/\`, \`val/\`: the pictures.
- \`annotations/panoptic_train.json\`, \`annotations/panoptic_val.json\` and the PNGs in folders of these names: COCO panoptic.
  Each object is a segment. An object is a connected piece of a label. Where people annotated (see Origin), it is a region that they drew.
  The background is one segment of the last category, the only one with \`isthing\` 0.`,
    ignored: 'They are void (0, black).',
  },
  needs: 'masks',
  async write({ dataset, pairs, target, run }) {
    const { labels, colours } = dataset;
    const category = (id: number, label: number) => {
      return {
        id,
        name: labels[label]!,
        supercategory: label === 0 ? 'background' : 'part',
        isthing: label === 0 ? 0 : 1,
        color: colours[label]!,
      };
    };
    // Readers take category 0 for void.
    const background = labels.length;
    const categories = [...labels.keys()].slice(1).map((label) => category(label, label));
    categories.push(category(background, 0));
    await writeCoco({
      dataset,
      target,
      kind: 'panoptic',
      categories,
      pairs: mapAhead(pairs, ({ mask, objects }) => run(panopticSegmentsTask, { mask, objects, background })),
      async annotate({ split, name }, { png, segments }, image) {
        await target.write(`annotations/panoptic_${split}/${name}.png`, png);
        return [{ image_id: image, file_name: `${name}.png`, segments_info: segments }];
      },
    });
  },
};
