import type { Product } from '../../src/jobs/product/product.ts';
import { activateVersion } from '../../src/store/project-versions.ts';
import { projectKey, upsertProject } from '../../src/store/projects.ts';
import { chunks, json } from '../../src/store/rows.ts';
import type { NewProject, NewVersion } from '../../src/store/schema.ts';
import { recordTasks } from '../../src/store/tasks.ts';
import { recordValidation } from '../../src/store/versions.ts';

const HOST = 'http://label-studio.test';
const LABELS = ['Background', 'Hair', 'Face', 'Glasses'] as const;

const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);
/** Annotations of which each has something to be told. */
const ANNOTATIONS = {
  set: [],
  counted: 101,
  machineMade: 3,
  skipped: 2,
  rejected: HUNDRED.map((task) => `Task ${task}: the mask has another size than the picture.`),
  notes: ['Task 7: one region could not be read.'],
  opinions: HUNDRED.map((task) => ({
    task,
    counted: { annotation: 2 * task, user: 1 },
    other: { annotation: 2 * task + 1, user: 2 },
    iou: { Hair: 0.8 },
    distances: { nose: 2.5 },
  })),
};
const SLIPS = HUNDRED.map((seed) => ({
  image: { seed, class: null, psi: 1, cutoff: null },
  label: 1,
  seen: 2,
  share: 0.9,
  usualShare: 0.02,
  pixels: 1234,
  deviations: 5,
}));

/** The one with all the versions. */
export const LARGE_PROJECT = { host: HOST, id: 1 } as const;
const CONFIG = `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image">${LABELS.slice(1)
  .map((label) => `<Label value="${label}"/>`)
  .join('')}</BrushLabels></View>`;

/** Projects of a server that was used for years, put into the store: number 1 has all the versions. Nobody asks their Label Studio for anything. */
export async function manyRows({ store, generators }: Product, count: { projects: number; versions: number }): Promise<void> {
  const { db } = store;
  const { card } = await generators.find('portraits-256');
  const project = (lsId: number): NewProject => ({
    key: projectKey({ host: HOST, lsId, createdAtUnix: 1 }),
    host: HOST,
    ls_id: lsId,
    created_at_unix: 1,
    title: `Old portraits ${lsId}`,
    kind: 'labelling',
    state: 'disconnected',
    label_config: CONFIG,
    generator: card.id,
  });
  const first = await upsertProject(db, { ...project(1), annotations: json(ANNOTATIONS) });
  const others = Array.from({ length: count.projects - 1 }, (_, index) => project(index + 2));
  for (const chunk of chunks(others))
    await db
      .insertInto('projects')
      .values([...chunk])
      .execute();
  const made = Array.from({ length: count.versions }, (_, index) => {
    // Whoever labels 100 pictures changes some of them over and over.
    const annotated = 2 + Math.floor((index * 100) / count.versions);
    return { id: `dg-${index.toString(16).padStart(12, '0')}`, annotated, at: new Date(Date.UTC(2026, 0, 1, 0, index)) };
  });
  const [last] = made.slice(-1);
  for (const chunk of chunks(made)) {
    await db
      .insertInto('versions')
      .values(chunk.map(({ id, annotated, at }) => versionRow(card.id, id, annotated, at)))
      .execute();
    const own = chunk.map(({ id, annotated, at }) => ({
      project_key: first.key,
      version_id: id,
      activated_at: at,
      superseded_at: at,
      annotated,
      predictions_deleted: true,
    }));
    await db.insertInto('project_versions').values(own).execute();
  }
  await recordTasks(
    db,
    SLIPS.map(({ image: { seed } }) => ({ project_key: first.key, task_id: seed, generator_id: card.id, seed, psi: 1 })),
  );
  await recordValidation(db, last!.id, 'done', {
    mIoU: 0.7,
    iou: [0.9, 0.8, 0.7, 0.4],
    slips: SLIPS.map((slip) => ({ ...slip, image: { ...slip.image, generator: card.id } })),
  });
  await activateVersion(db, { projectKey: first.key, versionId: last!.id, annotated: last!.annotated });
}

function versionRow(generator: string, id: string, annotated: number, at: Date): NewVersion {
  const iou = LABELS.map((_, label) => 0.9 - 0.1 * label - 0.5 / Math.sqrt(annotated));
  const images = Array.from({ length: annotated }, (_, seed) => ({
    image: { generator, seed, class: null, psi: 1, cutoff: null },
    annotation: 'a'.repeat(64),
    sampledPixels: 500,
    labelPixels: [40_000, 15_000, 10_000, 500],
  }));
  const classifier = { dims: 64, members: 10, hidden: [128, 32], classes: LABELS.length };
  return {
    id,
    generator_id: generator,
    labels: json(LABELS),
    record: json({
      id,
      recipe: 1,
      generator,
      psi: 1,
      cutoff: null,
      classRule: 'null',
      labels: LABELS,
      annotatedLabels: [0, 1, 2, 3],
      shape: classifier,
      settings: { members: 10, pixelsPerImage: 500, steps: 100, maxSteps: 100, batch: 64, learningRate: 0.001 },
      seed: 1,
      images,
      notes: [],
      steps: 100,
      loss: 0.1,
      trainingAccuracy: 0.98,
      seconds: { sampling: 1, training: 1, total: 2 },
      weights: 'b'.repeat(64),
    }),
    validation: 'done',
    validation_result: json({ mIoU: iou.reduce((sum, value) => sum + value) / iou.length, iou, slips: [] }),
    weights_sha256: 'b'.repeat(64),
    created_at: at,
  };
}
