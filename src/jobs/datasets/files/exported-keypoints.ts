import type { ExportKeypoints, ExportPair } from '../../../export/export-dataset.ts';
import { keypointSkeleton } from '../../../label-studio/label-config/keypoint-skeleton.ts';
import type { GeneratorCard } from '../../../stylegan/generator-card.ts';
import { pictureSize } from '../../../stylegan/picture.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';

/** The version's keypoints, joined as the project's label config says. */
export function exportKeypoints(names: readonly string[], config: string): ExportKeypoints {
  const keypointTexts = names.map((name, index) => [name, index] as const);
  return { names, skeleton: keypointSkeleton(config, { keypointTexts }).joined };
}

/**
 * Keypoints of a pair by their index, in pixels of the picture, where labels are finer or coarser than it; null: the version does not see it.
 * @param names of the version's keypoints
 * @returns undefined where the version has none
 */
export function exportPoints(
  { keypoints }: Pick<PairRecord, 'keypoints'>,
  names: readonly string[],
  card: Pick<GeneratorCard, 'resolution' | 'rows' | 'labelSize'>,
): ExportPair['keypoints'] {
  if (keypoints === undefined) return undefined;
  const { width, height } = pictureSize(card);
  const [across, down] = [width / card.labelSize.width, height / card.labelSize.height];
  const found = new Map(keypoints.map((own) => [own.keypoint, own]));
  return names.map((_, index) => {
    const own = found.get(index);
    return own === undefined ? null : { x: own.x * across, y: own.y * down, score: own.score };
  });
}
