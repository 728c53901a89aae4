import { z } from 'zod';
import type { Validation } from '../../interpreter/versions/validate.ts';
import type { TrainingRecord, VersionRecord } from '../../interpreter/versions/version.ts';
import type { PhotoIdentity } from '../../photos/photo-network.ts';
import type { PhotoVersionRecord } from '../../photos/train-photo-version.ts';
import type { Version } from '../../store/schema.ts';
import { storedJson } from '../../store/stored-json.ts';
import { type ImageIdentity, imageIdentitySchema } from '../../stylegan/image-identity.ts';

const number = z.number();
const text = z.string();

const shape = z.looseObject({ dims: number, members: number, hidden: z.tuple([number, number]), classes: number });
const box = z.looseObject({ label: number, left: number, top: number, right: number, bottom: number });
const marked = z.array(z.looseObject({ x: number, y: number, occluded: z.literal(true).exactOptional() }).nullable());

/** What names a picture in records: a generated one, or a photograph. */
export type RecordedPicture = ImageIdentity | PhotoIdentity;

const generated = z.looseObject(imageIdentitySchema.shape);
const photograph = z.looseObject({ photo: text, mirrored: z.literal(true).exactOptional() });

/** What every release has written of a version on pictures of that kind; further fields may be there. */
const trainingShape = <I extends z.ZodType>(image: I) => ({
  id: text,
  recipe: number,
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
      image,
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

const TRAINING: z.ZodType<TrainingRecord<RecordedPicture>> = z.looseObject(trainingShape(z.union([generated, photograph])));
const RECORD: z.ZodType<VersionRecord> = z.looseObject({
  ...trainingShape(generated),
  generator: text,
  psi: number,
  cutoff: number.nullable(),
  classRule: text,
});
const PHOTO_RECORD: z.ZodType<PhotoVersionRecord> = z.looseObject({
  ...trainingShape(photograph),
  backbone: text,
  size: number,
  labelSide: number,
});

type Recorded = Pick<Version, 'id' | 'record'>;

/** How a version was trained, on whatever pictures. @throws DatasetGanError `damaged-record` */
export function trainingOf({ id, record }: Recorded): TrainingRecord<RecordedPicture> {
  return storedJson(TRAINING, record, `the record of version ${id}`);
}

/** How a version on a generator was trained. @throws DatasetGanError `damaged-record` */
export function recordOf({ id, record }: Recorded): VersionRecord {
  return storedJson(RECORD, record, `the record of version ${id}`);
}

/** How a version on photographs was trained; undefined for one on a generator. @throws DatasetGanError `damaged-record` */
export function photoRecordOf({ id, record }: Recorded): PhotoVersionRecord | undefined {
  return 'backbone' in record ? storedJson(PHOTO_RECORD, record, `the record of version ${id}`) : undefined;
}

/** What is read of a Validation. */
export type ValidationFigures = Required<Pick<Validation<RecordedPicture>, 'mIoU' | 'iou' | 'slips'>> &
  Pick<Validation<RecordedPicture>, 'keypoints'>;

const FIGURES: z.ZodType<Partial<ValidationFigures>> = z.looseObject({
  mIoU: number.nullable().exactOptional(),
  iou: z.array(number.nullable()).exactOptional(),
  slips: z
    .array(
      z.looseObject({
        image: z.union([generated, photograph]),
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
            image: z.union([generated, photograph]),
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
