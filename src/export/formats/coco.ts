import { engineTask } from '../../engine/task.ts';
import { cocoCounts, cocoText } from '../../masks/rle/coco-rle.ts';
import type { ExportFormat } from '../export-format.ts';
import { mapAhead } from '../map-ahead.ts';
import { type MaskInput, maskObjects } from './mask-objects.ts';
import { type Box, boxes, isObject } from './mask-pieces.ts';
import { COCO_ANNOTATIONS, COCO_PICTURES, writeCoco } from './write-coco.ts';

/** An annotation of COCO without its ids. */
interface CocoInstance {
  readonly category_id: number;
  readonly segmentation: { readonly size: readonly [height: number, width: number]; readonly counts: string };
  readonly area: number;
  readonly bbox: Box;
  readonly iscrowd: 0;
}

/** One instance for each object of each label. */
export async function cocoInstances(input: MaskInput): Promise<CocoInstance[]> {
  const objects = await maskObjects(input);
  const { width, height } = objects.map;
  const counts = cocoCounts(objects, width, height);
  const around = boxes(objects.ids, objects.components.length, objects.map);
  return objects.components.flatMap((object, id) => {
    if (!isObject(object)) return [];
    const segmentation = { size: [height, width] as const, counts: cocoText(counts[id]!) };
    return [{ category_id: object.label, segmentation, area: object.pixels, bbox: around[id]!, iscrowd: 0 as const }];
  });
}
const cocoInstancesTask = engineTask(import.meta.url, cocoInstances);

/** `annotations/instances_SPLIT.json` and the pictures in `SPLIT/`. */
export const coco: ExportFormat = {
  title: 'COCO, instances',
  kinds: [...COCO_PICTURES, COCO_ANNOTATIONS],
  notes: {
    layout: `- \`train/\`, \`val/\`: the pictures.
- \`annotations/instances_train.json\`, \`annotations/instances_val.json\`: COCO annotations with compressed RLE masks, one for each object.
  An object is a connected piece of a label. Where people annotated (see Origin), it is a region that they drew.
  \`category_id\` is the number of the label. The background has no annotations.
- Further keys of a picture: the facts about the pair.`,
    ignored: 'They belong to no annotation.',
  },
  needs: 'masks',
  async write({ dataset, pairs, target, run }) {
    const categories = dataset.labels.slice(1).map((name, i) => ({ id: i + 1, name, supercategory: 'part' }));
    let annotation = 0;
    await writeCoco({
      dataset,
      target,
      kind: 'instances',
      categories,
      pairs: mapAhead(pairs, ({ mask, objects }) => run(cocoInstancesTask, { mask, objects })),
      annotate: (_pair, instances, image) => instances.map((instance) => ({ id: ++annotation, image_id: image, ...instance })),
    });
  },
};
