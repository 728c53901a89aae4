import { createHash } from 'node:crypto';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';
import type { LabelBox } from '../boxes/label-box.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { FeatureBasis } from '../features/feature-basis.ts';
import { BOXES, KEYPOINTS, RECIPE, SCRIBBLES, type TrainingSettings } from '../recipe.ts';
import { type AnnotatedMap, countLabels, isSparse } from '../sampling/annotation.ts';
import { chooseImages, imagesThatFit, pixelsPerImage } from '../sampling/pixel-budget.ts';
import { withoutSlips } from '../sampling/slips.ts';

/** What a version id says of one annotated picture. */
export interface AnnotationSummary {
  /** Of the decoded label map: its size and its bytes, hex. */
  readonly sha256: string;
  /** Labels in it, slips left out and boxes included, ascending. */
  readonly classes: readonly number[];
  /** Annotated by strokes (isSparse), and without boxes. */
  readonly sparse?: true;
  /** Left out where there are none. */
  readonly boxes?: readonly LabelBox[];
}

export function summariseAnnotation(map: AnnotatedMap, classes: number, boxes: readonly LabelBox[] = []): AnnotationSummary {
  const hash = createHash('sha256').update(`${map.width}x${map.height}:`).update(map.data);
  const counts = countLabels(withoutSlips(map, classes).map.data, classes);
  return {
    sha256: hash.digest('hex'),
    classes: [...counts.keys()].filter((label) => counts[label]! > 0 || boxes.some((box) => box.label === label)),
    ...(boxes.length > 0 ? { boxes } : isSparse(map) ? { sparse: true } : {}),
  };
}

/** What names the features sampled in an annotated picture. */
export function annotationText({ sha256, sparse, boxes }: AnnotationSummary): string {
  if (boxes !== undefined) return canonicalJson({ sha256, recipe: BOXES.recipe, boxes });
  return sparse === true ? `${sha256} scribbles ${SCRIBBLES.recipe}` : sha256;
}

/** What names the features sampled around a picture's points. */
export const pointsText = (points: MarkedKeypoints): string => canonicalJson({ recipe: KEYPOINTS.recipe, points });

/** What decides a version's bytes beside its network. No times and no Label Studio ids: the same annotations give the same version anywhere. */
export interface PlanInputs<I> {
  /** In the order of their index, [0] the background. */
  readonly labels: readonly string[];
  /** In the order of their index. They count where a picture has points. */
  readonly keypoints: readonly string[];
  /** Newest annotation first: where TRAIN_MEMORY does not hold all of them, the newest stay. */
  readonly images: readonly {
    readonly image: I;
    readonly annotation: AnnotationSummary;
    readonly keypoints: MarkedKeypoints | null;
  }[];
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Of the network. */
  readonly basis: Pick<FeatureBasis, 'sha256' | 'directions'>;
  /** Bytes of the training matrix. */
  readonly trainMemory: number;
}

/** Everything that decides the bytes of a generator's version. */
export interface VersionInputs extends PlanInputs<ImageIdentity> {
  /** Generator id. */
  readonly generator: string;
  readonly psi: number;
  readonly cutoff: number | null;
  /** How a class is chosen for new seeds, where the generator has classes. */
  readonly classRule: string;
}

/** What the network of a training is named by in its versions. */
export type NetworkNames = Readonly<Record<string, string | number | null>>;

/** The names of a generator, and of what it is asked for. */
export const generatorNames = ({ generator, psi, cutoff, classRule }: Omit<VersionInputs, keyof PlanInputs<unknown>>) => ({
  generator,
  psi,
  cutoff,
  classRule,
});

export interface VersionPlan {
  /** `dg-` and 12 hex digits. */
  readonly id: string;
  /** Which of the given images are trained on, in the order of their keys, so that the order of annotating does not matter. */
  readonly chosen: readonly number[];
  readonly pixelsPerImage: number;
}

/** The version that a training would make, known before it begins. */
export function planVersion(inputs: VersionInputs): VersionPlan {
  return planTraining(inputs, generatorNames(inputs), imageKey);
}

/**
 * The same on any network.
 * @param keyOf the text by which pictures are put in order
 */
export function planTraining<I>(inputs: PlanInputs<I>, names: NetworkNames, keyOf: (image: I) => string): VersionPlan {
  const { labels, keypoints, settings, seed, basis, trainMemory, images } = inputs;
  const fitting = chooseImages(
    images.map(({ annotation }) => annotation.classes),
    imagesThatFit(trainMemory, basis.directions),
  );
  const keys = images.map(({ image }) => keyOf(image));
  const chosen = fitting.sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const pixels = pixelsPerImage(trainMemory, basis.directions, chosen.length, settings.pixelsPerImage);
  const pictures = chosen.map((index) => images[index]!);
  const identity = {
    ...names,
    recipe: RECIPE,
    basis: basis.sha256,
    labels,
    ...(pictures.some((picture) => picture.keypoints !== null)
      ? { keypoints: { recipe: KEYPOINTS.recipe, names: keypoints } }
      : {}),
    images: pictures.map(({ image, annotation, keypoints: points }) => ({
      image,
      sha256: annotation.sha256,
      ...(annotation.sparse === true ? { scribbles: SCRIBBLES.recipe } : {}),
      ...(annotation.boxes === undefined ? {} : { boxes: { recipe: BOXES.recipe, drawn: annotation.boxes } }),
      ...(points === null ? {} : { keypoints: points }),
    })),
    // What TRAIN_MEMORY leaves of the pixels decides the bytes; the limit itself does not.
    settings: { ...settings, pixelsPerImage: pixels },
    seed,
  };
  const digest = createHash('sha256').update(canonicalJson(identity)).digest('hex');
  return { id: `dg-${digest.slice(0, 12)}`, chosen, pixelsPerImage: pixels };
}
