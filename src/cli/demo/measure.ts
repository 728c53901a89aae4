import type { LabelMap } from '../../masks/label-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';
import { type DemoProject, projectDetail } from './demo-project.ts';
import { HELD_OUT_SEEDS, meanIou } from './held-out-seeds.ts';
import { truthInLabels } from './portrait-parts.ts';

const GENERATOR = 'portraits-256';

/** The truth of a picture as our REST API gives it, in indices into the project's labels. */
export async function trueLabels({ api }: DemoProject, seed: number, labels: readonly string[]): Promise<LabelMap> {
  return truthInLabels(await decodeIndexPng(await api.bytes(`/api/generators/${GENERATOR}/truth/${seed}.png`)), labels);
}

/** Mean intersection over union of the project's current version on the held-out pictures. */
export async function measureVersion(
  project: DemoProject,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<number | null> {
  const { versions } = await projectDetail(project);
  const labels = versions.find(({ current }) => current)?.labels ?? [];
  const pairs: { truth: LabelMap; predicted: LabelMap }[] = [];
  for (const seed of HELD_OUT_SEEDS) {
    signal.throwIfAborted();
    tell(`${pairs.length}/${HELD_OUT_SEEDS.length} held-out pictures`);
    const predicted = await decodeIndexPng(await project.api.bytes(`${project.path}/predictions/${seed}.png`));
    pairs.push({ truth: await trueLabels(project, seed, labels), predicted });
  }
  return meanIou(pairs, labels.length);
}
