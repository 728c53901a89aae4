import type { ProjectAgreement } from '../../api/answers.ts';
import type { RecordedOpinion } from '../../store/records.ts';
import type { Project } from '../../store/schema.ts';
import { taskUrl } from './task-picture.ts';

/** How far people agree where two annotated the same picture, as the last training read it. */
export function projectAgreement(row: Pick<Project, 'annotations' | 'host' | 'ls_id'>): ProjectAgreement {
  const opinions = row.annotations?.opinions ?? [];
  const labels = means(opinions.map(({ iou }) => iou)).map(([label, iou, pictures]) => [label, { iou, pictures }] as const);
  const keypoints = means(opinions.map(({ distances }) => distances)).map(
    ([keypoint, distance, pictures]) => [keypoint, { distance, pictures }] as const,
  );
  const pictures = opinions
    .toSorted((a, b) => meanIou(a) - meanIou(b))
    .map((opinion) => ({ ...opinion, url: taskUrl(row, opinion.task) }));
  return { labels: Object.fromEntries(labels), keypoints: Object.fromEntries(keypoints), pictures };
}

/** Mean of each key over those that have it, and how many these are. */
function means(records: readonly Readonly<Record<string, number>>[]): [key: string, mean: number, count: number][] {
  const byKey = Map.groupBy(records.flatMap(Object.entries<number>), ([key]) => key);
  return [...byKey].map(([key, own]) => [key, own.reduce((sum, [, value]) => sum + value, 0) / own.length, own.length]);
}

/** 1 where neither painted anything. */
function meanIou({ iou }: RecordedOpinion): number {
  const values = Object.values(iou);
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
