import type { EngineContext } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { type BoxedPicture, type BoxedRows, boxedRows } from '../boxes/boxed-rows.ts';
import { guessInBoxes, type LabelBox } from '../boxes/label-box.ts';
import type { InputScaling } from '../ensemble/classifier.ts';
import { emphasis, type FeatureBasis, type Projection, projectionOf } from '../features/feature-basis.ts';
import type { FeatureNetwork } from '../features/feature-network.ts';
import { featureKey, sampleProjected } from '../features/sample-features.ts';
import type { NetworkShape } from '../network-shape.ts';
import { BASIS, DEFAULT_SETTINGS, hiddenSizes, type TrainingSettings } from '../recipe.ts';
import { type AnnotatedMap, countLabels } from '../sampling/annotation.ts';
import { FeatureCache } from '../sampling/feature-cache.ts';
import { withoutSlips } from '../sampling/slips.ts';
import { collectTrainingData, type TrainingData } from '../sampling/training-data.ts';
import { scaleColumns } from '../sampling/training-matrix.ts';
import { type FeatureSource, type KeypointPlan, planKeypoints, samplingBoth } from './plan-keypoints.ts';
import type { TrainedImage } from './version.ts';
import {
  annotationText,
  type NetworkNames,
  planTraining,
  pointsText,
  summariseAnnotation,
  type VersionPlan,
} from './version-id.ts';

export interface AnnotatedImage<I = ImageIdentity> {
  readonly image: I;
  readonly labelMap: AnnotatedMap;
  /** Boxes around parts, where the label map is not labelled; left out: none. */
  readonly boxes?: readonly LabelBox[];
  /** By keypoint index; null: the annotation has no point, and says nothing about keypoints. */
  readonly keypoints: MarkedKeypoints | null;
}

/** What a training learns from, and how, whatever its network is. */
export interface TrainingInput<I> {
  /** Newest annotation first. */
  readonly images: readonly AnnotatedImage<I>[];
  /** In the order of their index, [0] the background. */
  readonly labels: readonly string[];
  /** In the order of their index; empty where there are none. */
  readonly keypoints: readonly string[];
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Bytes of the training matrix (TRAIN_MEMORY). */
  readonly trainMemory: number;
  /** Sampled features are kept here, up to twice TRAIN_MEMORY. */
  readonly cacheFolder: string;
}

/** What the pictures of a training are seen by. */
export interface TrainingNetwork<I> {
  readonly network: FeatureNetwork<I>;
  readonly basis: FeatureBasis;
  readonly names: NetworkNames;
}

export interface PreparedTraining<I> extends FeatureSource {
  readonly plan: VersionPlan;
  readonly projection: Projection;
  /** null where there is nothing to tell apart, but keypoints. */
  readonly masks: PreparedMasks | null;
  /** null where no picture has a point. */
  readonly keypoints: KeypointPlan | null;
  readonly images: readonly TrainedImage<I>[];
  readonly notes: readonly string[];
}

/** What a mask head is trained on. */
export interface PreparedMasks {
  /** On the network's basis, each direction with its emphasis. */
  readonly data: TrainingData;
  readonly inputs: InputScaling;
  /** Which rows only boxes tell something of; null where no picture has boxes. In the matrix these have a guess. */
  readonly boxed: BoxedRows | null;
  /** Label of each class that is trained, ascending. */
  readonly labelOf: readonly number[];
  /** As trained: K counts the annotated classes. */
  readonly shape: NetworkShape;
  /** The pictures of `data`, as indices into the training's. */
  readonly images: readonly number[];
}

/**
 * Everything up to the first step: which images, their pixels, their features.
 * @throws DatasetGanError `training-refused` for fewer than two annotated classes and no keypoint; `bad-annotation` for a map that does not fit the network.
 */
export async function prepareTraining<I>(
  input: TrainingInput<I>,
  { network, basis, names }: TrainingNetwork<I>,
  context: EngineContext,
  onPicture: (done: number, of: number) => void,
): Promise<PreparedTraining<I>> {
  const { labels, seed, trainMemory } = input;
  const { layout } = network;
  const { width, height } = layout.geometry;
  const summaries = input.images.map(({ image, labelMap, boxes, keypoints }) => {
    if (labelMap.width !== width || labelMap.height !== height)
      throw new DatasetGanError(
        'bad-annotation',
        `${network.nameOf(image)}: its label map has ${labelMap.width} x ${labelMap.height} pixels, but labels have ${width} x ${height} here.`,
        {
          fix: 'Annotate the pictures that this backend put into the project.',
        },
      );
    return { image, annotation: summariseAnnotation(labelMap, labels.length, boxes), keypoints };
  });
  const plan = planTraining({ ...input, images: summaries, basis }, names, (image) => network.keyOf(image));
  const notes: string[] = [];
  if (plan.chosen.length < input.images.length)
    notes.push(`Trained on ${plan.chosen.length} of ${input.images.length} annotated images: more do not fit into TRAIN_MEMORY.`);
  const chosen = plan.chosen.map((index) => {
    const { image, labelMap, boxes = [], keypoints: points } = input.images[index]!;
    const { map: known, dropped } = withoutSlips(labelMap, labels.length);
    for (const { label, pixels } of dropped)
      notes.push(`${network.nameOf(image)}: ${pixels} pixels of '${labels[label]}' are too few and were ignored as a slip.`);
    const { annotation } = summaries[index]!;
    const key = featureKey(image, layout, basis.sha256, annotationText(annotation), seed);
    const counts = [...countLabels(known.data, labels.length)];
    return { image, known, boxes, map: guessInBoxes(known, boxes), annotation: annotation.sha256, points, key, counts };
  });
  const keyOf = (index: number, points: MarkedKeypoints) =>
    featureKey(chosen[index]!.image, layout, basis.sha256, pointsText(points), seed);
  const keypoints = planKeypoints(
    chosen.map(({ points }) => points),
    keyOf,
    { size: { width, height }, pixelsPerImage: plan.pixelsPerImage, seed },
  );
  const shows = (label: number) =>
    chosen.some(({ counts, boxes }) => counts[label]! > 0 || boxes.some((box) => box.label === label));
  const labelOf = [...labels.keys()].filter(shows);
  if (labelOf.length < 2 && keypoints === null)
    throw new DatasetGanError(
      'training-refused',
      `Nothing to tell apart: ${labelOf.length === 0 ? 'no label' : `only '${labels[labelOf[0]!]}'`} is annotated.`,
      {
        fix: 'Annotate at least two labels (the background counts where every pixel is labelled).',
      },
    );
  if (labelOf.length === 1)
    notes.push(
      `Only '${labels[labelOf[0]!]}' is annotated, which is nothing to tell apart: this version has keypoints, and no masks.`,
    );
  const never = [
    ...labels.filter((_, label) => !labelOf.includes(label) && (label > 0 || labelOf.length > 0)),
    ...input.keypoints.filter((_, k) => keypoints?.trained.includes(k) !== true),
  ];
  if (never.length > 0) notes.push(`Never annotated, so never predicted: ${never.join(', ')}.`);

  const projection = projectionOf(basis);
  const source: FeatureSource = {
    basis,
    cache: new FeatureCache(input.cacheFolder, 2 * trainMemory),
    sample: (index, pixels) => sampleProjected(context, network, projection, chosen[index]!.image, pixels),
  };
  const onImage = async (done: number) => {
    onPicture(done, chosen.length);
    await context.checkpoint();
  };
  const masks = labelOf.length < 2 ? null : await prepareMasks(input, chosen, labelOf, plan, source, keypoints, onImage);
  const images = chosen.map(({ image, annotation, boxes, counts, points }, i) => {
    const at = masks === null ? -1 : masks.images.indexOf(i);
    return {
      image,
      annotation,
      sampledPixels: at === -1 ? 0 : masks!.data.starts[at + 1]! - masks!.data.starts[at]!,
      labelPixels: counts,
      ...(boxes.length === 0 ? {} : { boxes }),
      ...(points === null ? {} : { keypoints: points }),
    };
  });
  return { ...source, plan, projection, masks, keypoints, images, notes };
}

interface ChosenImage extends BoxedPicture {
  readonly key: string;
  /** What is sampled: as annotated, with a guess in boxes. */
  readonly map: AnnotatedMap;
  readonly counts: readonly number[];
}

async function prepareMasks(
  { labels, settings, seed }: TrainingInput<unknown>,
  chosen: readonly ChosenImage[],
  labelOf: readonly number[],
  { pixelsPerImage }: VersionPlan,
  source: FeatureSource,
  keypoints: KeypointPlan | null,
  onImage: (done: number) => Promise<void>,
): Promise<PreparedMasks> {
  const { basis, cache } = source;
  // A picture with points alone says nothing of masks.
  const images = [...chosen.keys()].filter((index) => {
    const { counts, boxes } = chosen[index]!;
    return boxes.length > 0 || counts.some((pixels) => pixels > 0);
  });
  const pictures = images.map((index) => chosen[index]!);
  const sample = samplingBoth(keypoints, source);
  const data = await collectTrainingData({
    pictures,
    dims: basis.directions,
    labelOf,
    pixelsPerImage,
    seed,
    cache,
    sample: (picture, pixels) => sample(images[picture]!, pixels),
    onPicture: onImage,
  });
  const scale = emphasis(basis, images.length);
  scaleColumns(data.matrix, scale);
  const inputs = { mean: new Float64Array(basis.directions), scale };
  const shape = {
    dims: basis.directions,
    members: settings.members,
    hidden: hiddenSizes(labels.length),
    classes: labelOf.length,
  };
  return { data, inputs, boxed: boxedRows(data, pictures, labelOf), labelOf, shape, images };
}

/**
 * Peak bytes of a training and of a validation, about: the training matrix, the weights with Adam's averages in and out of a run, and the features
 * of a picture at four corners of each pixel.
 */
export function trainingMemory(
  { layout, memory }: Pick<FeatureNetwork<unknown>, 'layout' | 'memory'>,
  trainMemory: number,
  labels = 31,
  members: number = DEFAULT_SETTINGS.members,
): number {
  const weights = BASIS.directions * members * hiddenSizes(labels)[0];
  const features = 5 * layout.dims * DEFAULT_SETTINGS.pixelsPerImage;
  return trainMemory + memory + 4 * (3 * 2 * weights + features);
}
