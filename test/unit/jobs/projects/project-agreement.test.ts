import { expect, test } from 'vitest';
import { projectAgreement } from '../../../../src/jobs/projects/project-agreement.ts';
import type { RecordedOpinion } from '../../../../src/store/records.ts';

const opinion = (task: number, iou: Record<string, number>, distances: Record<string, number> = {}): RecordedOpinion => ({
  task,
  counted: { annotation: 10 * task, user: 1 },
  other: { annotation: 10 * task + 1, user: 2 },
  iou,
  distances,
});

const record = { set: [], counted: 0, machineMade: 0, skipped: 0, rejected: [] };
const row = { host: 'http://ls', ls_id: 7 };

test('means by label and keypoint over the pictures that have them; the least agreement first, with its address', () => {
  const opinions = [
    opinion(1, { hair: 0.9, face: 0.8 }, { nose: 2 }),
    opinion(2, { hair: 0.5 }, { nose: 4, chin: 1 }),
    opinion(3, {}),
  ];
  const said = projectAgreement({ ...row, annotations: { ...record, opinions } });
  expect(said.labels).toEqual({ hair: { iou: 0.7, pictures: 2 }, face: { iou: 0.8, pictures: 1 } });
  expect(said.keypoints).toEqual({ nose: { distance: 3, pictures: 2 }, chin: { distance: 1, pictures: 1 } });
  expect(said.pictures.map(({ task }) => task)).toEqual([2, 1, 3]);
  expect(said.pictures[0]).toMatchObject({ url: 'http://ls/projects/7/data?task=2', other: { annotation: 21, user: 2 } });
});

test('records of older releases, and projects without a training, have nothing to compare', () => {
  const nothing = { labels: {}, keypoints: {}, pictures: [] };
  expect(projectAgreement({ ...row, annotations: record })).toEqual(nothing);
  expect(projectAgreement({ ...row, annotations: null })).toEqual(nothing);
});
