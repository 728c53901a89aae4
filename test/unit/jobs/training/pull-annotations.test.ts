import { expect, test } from 'vitest';
import { pictureOf } from '../../../../src/jobs/projects/task-picture.ts';
import { newestByPicture } from '../../../../src/jobs/training/pull-annotations.ts';
import type { PulledTask } from '../../../../src/jobs/training/pull-project.ts';

const meta = { generator: 'g', class: null, psi: 1, cutoff: null };
const annotated = (taskId: number, seed: number, updatedAt: string, more: object = {}): PulledTask => ({
  taskId,
  meta: { ...meta, seed, ...more },
  picture: pictureOf({ ...meta, seed, ...more }),
  counted: {
    annotationId: taskId,
    updatedAt,
    labelMap: { width: 1, height: 1, data: new Uint8Array(1) },
    painted: null,
    boxes: [],
    keypoints: null,
  },
  opinions: [],
  machineMade: 0,
  skipped: 0,
  rejected: [],
  notes: [],
  summary: null,
});

test('of a picture that is annotated in several projects, the annotation that was changed last counts; newest first', () => {
  const tasks = [
    annotated(1, 7, '2026-11-24T10:00:00.000Z'),
    annotated(2, 8, '2026-11-24T10:00:00.500+00:00'),
    annotated(31, 7, '2026-11-24T12:30:00.000+02:00', { dataset: 'd', version: 'dg-0' }),
    annotated(32, 8, '2026-11-24T09:59:00Z', { dataset: 'd' }),
    annotated(33, 1_000_000, '2026-11-24T08:00:00Z', { dataset: 'd' }),
    // The same seed at another truncation is another picture.
    annotated(34, 8, '2026-11-24T07:00:00Z', { psi: 0.7 }),
  ];
  expect(newestByPicture(tasks, { keyOf: JSON.stringify }).map(({ taskId }) => taskId)).toEqual([31, 2, 33, 34]);
});
