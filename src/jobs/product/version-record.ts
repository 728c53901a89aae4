import { z } from 'zod';
import type { Validation } from '../../interpreter/versions/validate.ts';
import type { VersionRecord } from '../../interpreter/versions/version.ts';
import type { Version } from '../../store/schema.ts';
import { storedJson } from '../../store/stored-json.ts';
import { imageIdentitySchema } from '../../stylegan/image-identity.ts';

const number = z.number();
const text = z.string();

const shape = z.looseObject({ dims: number, members: number, hidden: z.tuple([number, number]), classes: number });
const box = z.looseObject({ label: number, left: number, top: number, right: number, bottom: number });
const marked = z.array(z.looseObject({ x: number, y: number, occluded: z.literal(true).exactOptional() }).nullable());

/** What every release has written; further fields may be there. */
const RECORD: z.ZodType<VersionRecord> = z.looseObject({
  id: text,
  recipe: number,
  generator: text,
  psi: number,
  cutoff: number.nullable(),
  classRule: text,
  labels: z.array(text),
  annotatedLabels: z.array(number),
  shape,
  settings: z.looseObject({
    members: number,
    pixelsPerImage: number,
    steps: number,
    maxSteps: number,
    batch: number,
    learningRate: number,
  }),
  seed: number,
  images: z.array(
    z.looseObject({
      image: z.looseObject(imageIdentitySchema.shape),
      annotation: text,
      sampledPixels: number,
      labelPixels: z.array(number),
      boxes: z.array(box).exactOptional(),
      keypoints: marked.exactOptional(),
    }),
  ),
  notes: z.array(text),
  steps: number,
  loss: number,
  trainingAccuracy: number,
  seconds: z.looseObject({ sampling: number, training: number, total: number }),
  weights: text,
  keypoints: z
    .looseObject({
      names: z.array(text),
      annotatedKeypoints: z.array(number),
      sigma: number,
      thresholds: z.array(number),
      shape,
      steps: number,
      loss: number,
      trainingAccuracy: number,
    })
    .exactOptional(),
});

/** How a version was trained. @throws DatasetGanError `damaged-record` */
export function recordOf({ id, record }: Pick<Version, 'id' | 'record'>): VersionRecord {
  return storedJson(RECORD, record, `the record of version ${id}`);
}

/** What is read of a Validation. */
export type ValidationFigures = Required<Pick<Validation, 'mIoU' | 'iou' | 'slips'>> & Pick<Validation, 'keypoints'>;

const FIGURES: z.ZodType<Partial<ValidationFigures>> = z.looseObject({
  mIoU: number.nullable().exactOptional(),
  iou: z.array(number.nullable()).exactOptional(),
  slips: z
    .array(
      z.looseObject({
        image: z.looseObject(imageIdentitySchema.shape),
        label: number,
        seen: number,
        share: number,
        usualShare: number,
        pixels: number,
        deviations: number,
      }),
    )
    .exactOptional(),
  keypoints: z
    .looseObject({
      pck: z.array(number.nullable()),
      medianError: z.array(number.nullable()),
      meanPck: number.nullable(),
      slips: z
        .array(
          z.looseObject({
            image: z.looseObject(imageIdentitySchema.shape),
            keypoint: number,
            distance: number,
            usualDistance: number,
            markedThere: number.nullable(),
            deviations: number,
          }),
        )
        .exactOptional(),
    })
    .exactOptional(),
});

/** How good a version was on pictures left out of its training; null where that was not measured. @throws DatasetGanError `damaged-record` */
export function validationOf({
  id,
  validation_result: stored,
}: Pick<Version, 'id' | 'validation_result'>): ValidationFigures | null {
  if (stored === null) return null;
  const { mIoU = null, iou = [], slips = [], keypoints } = storedJson(FIGURES, stored, `the validation of version ${id}`);
  return { mIoU, iou, slips, ...(keypoints === undefined ? {} : { keypoints }) };
}
