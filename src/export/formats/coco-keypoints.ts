import type { ExportKeypoint, ExportPair } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { hundredths } from './hundredths.ts';
import { type KeypointObject, withObjects } from './keypoint-object.ts';
import { COCO_ANNOTATIONS, COCO_PICTURES, writeCoco } from './write-coco.ts';

/** Category of the one object of a picture. */
const CATEGORY = 1;
/** COCO's visibility of a keypoint. */
const VISIBILITY = { absent: 0, occluded: 1, visible: 2 } as const;

/** COCO counts keypoints in pixels from the centre of the top-left one (and boxes from its corner). */
const fromCentre = (pixels: number) => hundredths(pixels - 0.5);

/** x, y, visibility of each keypoint; three zeros where it is absent. */
function triplesOf(keypoints: readonly (ExportKeypoint | null)[]): number[] {
  return keypoints.flatMap((point) => {
    if (point === null) return [0, 0, VISIBILITY.absent];
    return [fromCentre(point.x), fromCentre(point.y), point.occluded ? VISIBILITY.occluded : VISIBILITY.visible];
  });
}

/** A picture's annotation without its ids. `names`: how many keypoints there are. */
export function cocoObject(
  { keypoints = [] }: Pick<ExportPair, 'keypoints'>,
  { box, area, segmentation }: KeypointObject,
  names: number,
): object {
  const own = keypoints.length === 0 ? new Array<null>(names).fill(null) : keypoints;
  return {
    category_id: CATEGORY,
    keypoints: triplesOf(own),
    num_keypoints: own.filter((point) => point !== null).length,
    bbox: box,
    area,
    segmentation: segmentation ?? [],
    iscrowd: 0,
  };
}

/** `annotations/person_keypoints_SPLIT.json`, as COCO's own and their readers name it, and the pictures in `SPLIT/`. */
export const cocoKeypoints: ExportFormat = {
  title: 'COCO, keypoints',
  kinds: [...COCO_PICTURES, COCO_ANNOTATIONS],
  notes: {
    layout: `- \`train/\`, \`val/\`: the pictures.
- \`annotations/person_keypoints_train.json\`, \`annotations/person_keypoints_val.json\`: COCO keypoints, one annotation for each picture.
  \`segmentation\`, \`area\` and \`bbox\` are of the mask of all labels together.
  Without a mask, \`bbox\` is the box around the points, with a margin.
- Evaluate with \`COCOeval\` and \`iouType="keypoints"\`. Set \`params.kpt_oks_sigmas\` to one number for each keypoint.
- Further keys of a picture: the facts about the pair.`,
    ignored: 'They belong to no object.',
    keypoints: `The category \`object\` has their names, and the skeleton if the label config has one.
\`keypoints\` has x, y and visibility of each: 0 absent (x and y are 0), 1 occluded, 2 visible.
x and y are in pixels. As in COCO's own files, (0, 0) is the centre of the top-left pixel.`,
  },
  needs: 'keypoints',
  async write({ dataset, pairs, target, run }) {
    const { names, skeleton } = dataset.keypoints!;
    let annotation = 0;
    await writeCoco({
      dataset,
      target,
      kind: 'person_keypoints',
      categories: [
        {
          id: CATEGORY,
          name: 'object',
          supercategory: 'object',
          keypoints: names,
          // COCO counts from 1 here.
          skeleton: skeleton.map(([from, to]) => [from + 1, to + 1]),
        },
      ],
      pairs: withObjects(dataset, pairs, run),
      annotate: (pair, object, image) =>
        object === null ? [] : [{ id: ++annotation, image_id: image, ...cocoObject(pair, object, names.length) }],
    });
  },
};
