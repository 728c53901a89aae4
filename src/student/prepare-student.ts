import { createHash } from 'node:crypto';
import type { EngineContext } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { emphasis, type FeatureBasis, projectionOf } from '../interpreter/features/feature-basis.ts';
import { featureKey, sampleProjected } from '../interpreter/features/sample-features.ts';
import { hiddenSizes, RECIPE } from '../interpreter/recipe.ts';
import { FeatureCache } from '../interpreter/sampling/feature-cache.ts';
import { pixelsPerImage } from '../interpreter/sampling/pixel-budget.ts';
import { collectTrainingData } from '../interpreter/sampling/training-data.ts';
import { scaleColumns } from '../interpreter/sampling/training-matrix.ts';
import { type FeatureSource, planKeypoints, samplingBoth } from '../interpreter/versions/plan-keypoints.ts';
import type { PreparedMasks, PreparedTraining } from '../interpreter/versions/prepare-training.ts';
import { mirrorIndex } from '../keypoints/flip-index.ts';
import { readMap } from './labelled-file.ts';
import type { StudentNetwork, StudentPicture } from './student-network.ts';
import { STUDENT_RECIPE } from './student-recipe.ts';
import type { StudentTraining } from './student-training.ts';
import { labelsInView, pointsInView, type Sides } from './view-labels.ts';

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
  { pictures, data, network, basis }: SeenPictures,
  context: EngineContext,
  onPicture: (done: number, of: number) => void,
): Promise<PreparedTraining<never>> {
  const { labels, keypoints: names, settings, seed, trainMemory, cacheFolder, view, backbone } = input;
  const { labelSide: side } = view;
  const pixels = pixelsPerImage(trainMemory, basis.directions, pictures.length, settings.pixelsPerImage);
  const sides: Sides = { labels: mirrorIndex(labels) ?? [], keypoints: mirrorIndex(names) ?? [] };
  const projection = projectionOf(basis);
  const keyOf = (index: number, about: unknown) => {
    const { file, ...own } = pictures[index]!;
    const image = { photo: file.photo, ...own, recipe: STUDENT_RECIPE };
    return featureKey(image, network.layout, basis.sha256, canonicalJson(about), seed);
  };
  const keypoints = planKeypoints(
    pictures.map(
      ({ file, view: own }) => file.keypoints && pointsInView(file.keypoints, file.mapSize, { ...file, view: own, side }, sides),
    ),
    (index, points) => keyOf(index, { points }),
    { size: { width: side, height: side }, pixelsPerImage: pixels, seed },
  );
  const labelOf = [...labels.keys()].filter((label) => pictures.some(({ file }) => file.classes.includes(label)));
  if (labelOf.length < 2 && keypoints === null)
    throw new DatasetGanError('training-refused', 'Nothing to tell apart: the pairs have one label, and no keypoints.', {
      fix: 'Give pairs with at least two labels.',
    });
  const source: FeatureSource = {
    basis,
    cache: new FeatureCache(cacheFolder, Number.POSITIVE_INFINITY),
    sample: (index, chosen) => {
      const next = pictures[index + 1];
      const sampled = sampleProjected(context, network, projection, pictures[index]!, chosen);
      if (next !== undefined) network.readAhead(next);
      return sampled;
    },
  };
  const prepareMasks = async (): Promise<PreparedMasks> => {
    const sampled = await collectTrainingData({
      pictures: pictures.map(({ file, view: own }, index) => ({
        key: keyOf(index, { annotation: file.annotation }),
        map: async () => {
          await context.checkpoint();
          return labelsInView(await readMap(file, labels.length), { ...file, view: own, side }, sides);
        },
      })),
      dims: basis.directions,
      labelOf,
      pixelsPerImage: pixels,
      seed,
      cache: source.cache,
      sample: samplingBoth(keypoints, source),
      onPicture: async (done) => {
        onPicture(done, pictures.length);
        await context.checkpoint();
      },
    });
    const scale = emphasis(basis, pictures.length);
    scaleColumns(sampled.matrix, scale);
    return {
      data: sampled,
      inputs: { mean: new Float64Array(basis.directions), scale },
      boxed: null,
      labelOf,
      shape: { dims: basis.directions, members: settings.members, hidden: hiddenSizes(labels.length), classes: labelOf.length },
      images: [...pictures.keys()],
    };
  };
  const masks = labelOf.length < 2 ? null : await prepareMasks();
  const never = [
    ...labels.filter((_, label) => !labelOf.includes(label)),
    ...names.filter((_, k) => keypoints?.trained.includes(k) !== true),
  ];
  const identity = {
    recipe: [RECIPE, STUDENT_RECIPE],
    backbone: backbone.card.id,
    view,
    basis: basis.sha256,
    labels,
    keypoints: names,
    data,
    augmentation: input.augmentation,
    settings: { ...settings, pixelsPerImage: pixels },
    seed,
  };
  const id = `dg-${createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 12)}`;
  return {
    ...source,
    plan: { id, chosen: [], pixelsPerImage: pixels },
    projection,
    masks,
    keypoints,
    images: [],
    notes: never.length > 0 ? [`In no pair, so never predicted: ${never.join(', ')}.`] : [],
  };
}
