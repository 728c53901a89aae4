import { PORTRAIT_LABEL_CONFIG } from '../../src/cli/demo/portrait-parts.ts';
import type { Classifier } from '../../src/interpreter/ensemble/classifier.ts';
import { tensorHash } from '../../src/interpreter/learning/tensor-file.ts';
import { DEFAULT_SETTINGS, RECIPE } from '../../src/interpreter/recipe.ts';
import { headTensors, type VersionRecord, writeVersion } from '../../src/interpreter/versions/version.ts';
import { pairCostKey } from '../../src/jobs/datasets/record/pair-cost.ts';
import type { Product } from '../../src/jobs/product/product.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { activateVersion } from '../../src/store/project-versions.ts';
import { projectKey, upsertProject } from '../../src/store/projects.ts';
import { json } from '../../src/store/rows.ts';
import { setSetting } from '../../src/store/stored-settings.ts';
import { recordVersion } from '../../src/store/versions.ts';

export interface UntrainedOptions {
  /** Pairs in each shard of the orders to come. */
  readonly shardSize: number;
  /** Classifiers in the ensemble; ten as ever. */
  readonly members?: number;
}

/**
 * A labelling project of the bundled generator whose current version has random weights, of the usual sizes: it costs what every version costs,
 * and no Label Studio and no training is needed. Everyone who makes it gets the same weights. Gives the project's key.
 */
export async function untrainedProject(product: Product, { shardSize, members = 10 }: UntrainedOptions): Promise<string> {
  const { db } = product.store;
  const { card } = await product.generators.find('portraits-256');
  const { labels } = parseLabelConfig(PORTRAIT_LABEL_CONFIG);
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  const { record, classifier } = randomVersion(card.id, card.psi, labels, {
    dims,
    members,
    hidden: [128, 32],
    classes: labels.length,
  });
  await writeVersion(product.folder.version(record.id), record, { masks: classifier });
  await recordVersion(db, {
    id: record.id,
    generator_id: card.id,
    labels: json(labels),
    record: json(record),
    validation: 'none',
    weights_sha256: record.weights,
  });
  const uid = { host: 'http://label-studio.test', lsId: 1, createdAtUnix: 1 };
  const { key } = await upsertProject(db, {
    key: projectKey(uid),
    host: uid.host,
    ls_id: uid.lsId,
    created_at_unix: uid.createdAtUnix,
    title: 'Untrained',
    kind: 'labelling',
    // Nobody asks its Label Studio for anything.
    state: 'disconnected',
    label_config: PORTRAIT_LABEL_CONFIG,
    generator: card.id,
  });
  await activateVersion(db, { projectKey: key, versionId: record.id, annotated: 1 });
  // A shard is a minute's work.
  await setSetting(db, pairCostKey(card.id), { seconds: 60 / shardSize, bytes: 150_000 });
  return key;
}

function randomVersion(generator: string, psi: number, labels: readonly string[], shape: VersionRecord['shape']) {
  const { dims, members, classes } = shape;
  const [h1, h2] = shape.hidden;
  const random = linearCongruential(1);
  // About as large as what comes in (He et al. 2015).
  const tensor = (size: number, inputs: number) =>
    Float32Array.from({ length: size }, () => (2 * random() - 1) * Math.sqrt(6 / inputs));
  const classifier: Classifier = {
    shape,
    w1: tensor(dims * members * h1, dims),
    b1: new Float32Array(members * h1),
    w2: tensor(members * h1 * h2, h1),
    b2: new Float32Array(members * h2),
    w3: tensor(members * h2 * classes, h2),
    b3: new Float32Array(members * classes),
  };
  const weights = tensorHash(headTensors({ masks: classifier }));
  const record: VersionRecord = {
    id: `dg-${weights.slice(0, 12)}`,
    recipe: RECIPE,
    generator,
    psi,
    cutoff: null,
    classRule: 'none',
    labels,
    annotatedLabels: labels.map((_, label) => label),
    shape,
    settings: { ...DEFAULT_SETTINGS, members },
    seed: 0,
    images: [],
    notes: [],
    steps: 0,
    loss: 0,
    trainingAccuracy: 0,
    seconds: { sampling: 0, training: 0, total: 0 },
    weights,
  };
  return { record, classifier };
}

/** Numerical Recipes' "quick and dirty" generator: uniform in [0, 1). */
function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
