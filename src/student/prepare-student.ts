import type { EngineContext } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { emphasis, type FeatureBasis, projectionOf } from '../interpreter/features/feature-basis.ts';
import { featureKey, sampleProjected } from '../interpreter/features/sample-features.ts';
import { hiddenSizes } from '../interpreter/recipe.ts';
import { FeatureCache } from '../interpreter/sampling/feature-cache.ts';
import { pixelsPerImage } from '../interpreter/sampling/pixel-budget.ts';
import { collectTrainingData } from '../interpreter/sampling/training-data.ts';
import { scaleColumns } from '../interpreter/sampling/training-matrix.ts';
import { type FeatureSource, type KeypointPlan, planKeypoints, samplingBoth } from '../interpreter/versions/plan-keypoints.ts';
import type { PreparedMasks, PreparedTraining } from '../interpreter/versions/prepare-training.ts';
import { mirrorIndex } from '../keypoints/flip-index.ts';
import { readMap } from './labelled-file.ts';
import { studentId } from './student-id.ts';
import type { StudentNetwork, StudentPicture } from './student-network.ts';
import { STUDENT_RECIPE } from './student-recipe.ts';
import type { StudentTraining } from './student-training.ts';
import { labelsInView, pointsInView, type Sides, type ViewedPicture } from './view-labels.ts';

/** The pictures of a student, and what sees them. */
export interface SeenPictures {
  readonly pictures: readonly StudentPicture[];
  /** Names all files (studentPictures). */
  readonly data: string;
  readonly network: StudentNetwork;
  readonly basis: FeatureBasis;
}

/**
 * Samples the pictures one by one: of each, its label map and then its features at the chosen pixels.
 * @throws DatasetGanError `training-refused` for fewer than two labels and no keypoint, `cancelled`
 */
export async function prepareStudent(
  input: StudentTraining,
  seen: SeenPictures,
  context: EngineContext,
  onPicture: (done: number, of: number) => void,
): Promise<PreparedTraining<never>> {
  const { labels, keypoints: names, settings, seed, trainMemory, view } = input;
  const { pictures, basis } = seen;
  const { labelSide: side } = view;
  const pixels = pixelsPerImage(trainMemory, basis.directions, pictures.length, settings.pixelsPerImage);
  const sides: Sides = { labels: mirrorIndex(labels) ?? [], keypoints: mirrorIndex(names) ?? [] };
  const keypoints = planKeypoints(
    pictures.map(
      ({ file, view: own }) => file.keypoints && pointsInView(file.keypoints, file.mapSize, { ...file, view: own, side }, sides),
    ),
    (index, points) => keyOf(seen, index, { points }, seed),
    { size: { width: side, height: side }, pixelsPerImage: pixels, seed },
  );
  const labelOf = [...labels.keys()].filter((label) => pictures.some(({ file }) => file.classes.includes(label)));
  if (labelOf.length < 2 && keypoints === null)
    throw new DatasetGanError('training-refused', 'Nothing to tell apart: the pairs have one label, and no keypoints.', {
      fix: 'Give pairs with at least two labels.',
    });
  const source = featureSource(input, seen, context);
  const sampling: Sampling = { input, seen, source, keypoints, labelOf, pixels, sides };
  const onSampled = async (done: number) => {
    onPicture(done, pictures.length);
    await context.checkpoint();
  };
  const masks = labelOf.length < 2 ? null : await prepareMasks(sampling, context, onSampled);
  const never = [
    ...labels.filter((_, label) => !labelOf.includes(label)),
    ...names.filter((_, k) => keypoints?.trained.includes(k) !== true),
  ];
  return {
    ...source,
    plan: { id: studentId(input, { data: seen.data, basis: basis.sha256, pixels }), chosen: [], pixelsPerImage: pixels },
    projection: projectionOf(basis),
    masks,
    keypoints,
    images: [],
    notes: never.length > 0 ? [`In no pair, so never predicted: ${never.join(', ')}.`] : [],
  };
}

interface Sampling {
  readonly input: StudentTraining;
  readonly seen: SeenPictures;
  readonly source: FeatureSource;
  readonly keypoints: KeypointPlan | null;
  readonly labelOf: readonly number[];
  /** Of each picture. */
  readonly pixels: number;
  readonly sides: Sides;
}

/** Features of a picture; the next one is read while the backbone is at work. */
function featureSource(
  { cacheFolder }: StudentTraining,
  { pictures, network, basis }: SeenPictures,
  context: EngineContext,
): FeatureSource {
  const projection = projectionOf(basis);
  return {
    basis,
    cache: new FeatureCache(cacheFolder, Number.POSITIVE_INFINITY),
    sample: (index, pixels) => {
      const sampled = sampleProjected(context, network, projection, pictures[index]!, pixels);
      const next = pictures[index + 1];
      if (next !== undefined) network.readAhead(next);
      return sampled;
    },
  };
}

async function prepareMasks(
  { input, seen, source, keypoints, labelOf, pixels, sides }: Sampling,
  context: EngineContext,
  onPicture: (done: number) => Promise<void>,
): Promise<PreparedMasks> {
  const { labels, settings, seed, view } = input;
  const { pictures, basis } = seen;
  const mapOf = async ({ file, view: own }: StudentPicture) => {
    await context.checkpoint();
    const viewed: ViewedPicture = { ...file, view: own, side: view.labelSide };
    return labelsInView(await readMap(file, labels.length), viewed, sides);
  };
  const data = await collectTrainingData({
    pictures: pictures.map((picture, index) => ({
      key: keyOf(seen, index, { annotation: picture.file.annotation }, seed),
      map: () => mapOf(picture),
    })),
    dims: basis.directions,
    labelOf,
    pixelsPerImage: pixels,
    seed,
    cache: source.cache,
    sample: samplingBoth(keypoints, source),
    onPicture,
  });
  const scale = emphasis(basis, pictures.length);
  scaleColumns(data.matrix, scale);
  return {
    data,
    inputs: { mean: new Float64Array(basis.directions), scale },
    boxed: null,
    labelOf,
    shape: { dims: basis.directions, members: settings.members, hidden: hiddenSizes(labels.length), classes: labelOf.length },
    images: [...pictures.keys()],
  };
}

/** Names the sampled features of a view. */
function keyOf({ pictures, network, basis }: SeenPictures, index: number, about: unknown, seed: number): string {
  const { file, ...own } = pictures[index]!;
  const image = { photo: file.photo, ...own, recipe: STUDENT_RECIPE };
  return featureKey(image, network.layout, basis.sha256, canonicalJson(about), seed);
}
