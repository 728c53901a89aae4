import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inOrder } from '../../in-order.ts';
import { requireDiskFree } from '../../store/disk-free.ts';
import { fateOf, PairChooser } from '../../synthesis/choose-pairs.ts';
import {
  candidateLimit,
  candidateSeeds,
  DATASET_SEED_START,
  type DatasetPlan,
  DEFAULT_FILTER,
  planId,
} from '../../synthesis/dataset-plan.ts';
import type { PairRecord } from '../../synthesis/pair-record.ts';
import { type DatasetProvenance, datasetFacts } from '../../synthesis/provenance.ts';
import { writeFolderWhole } from '../../write-whole.ts';
import type { HeadlessStage } from './headless-stage.ts';
import { imageFile, maskFile, writePairTask } from './write-pair.ts';

/** Bytes of a pair on disk, at most. */
const PAIR_BYTES = 256 * 256 * 4;
const LARGEST_SHARD = 500;

/**
 * Makes a dataset as an order would: more candidates than pairs, of which the most uncertain are dropped. `folder` has it whole or not at all (a power
 * cut costs only the demo); one of the same plan that is there stays. Gives the seconds it took, null when it was there.
 */
export async function headlessDataset(
  stage: HeadlessStage,
  order: { readonly version: string; readonly pairs: number; readonly folder: string },
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<number | null> {
  const { version, pairs, folder } = order;
  const { card } = stage.generator;
  const plan: DatasetPlan = {
    generator: card.id,
    version,
    psi: card.psi,
    cutoff: card.cutoff,
    seedStart: DATASET_SEED_START,
    count: pairs,
    filter: DEFAULT_FILTER,
    shardSize: LARGEST_SHARD,
    skippedSeeds: [],
  };
  const file = join(folder, 'dataset.json');
  if (existsSync(file)) {
    const { parts } = JSON.parse(await readFile(file, 'utf8')) as DatasetProvenance;
    if (parts[0] !== undefined && planId(parts[0].plan) === planId(plan)) return null;
  }
  const started = performance.now();
  const seeds = candidateSeeds(plan, 0, candidateLimit(plan));
  await requireDiskFree(stage.folder.root, seeds.length * PAIR_BYTES);
  await writeFolderWhole(folder, { outlives: 'kill', unfinished: `${folder}.part` }, async (part) => {
    const candidates: PairRecord[] = [];
    tell(`0/${seeds.length}`);
    const made = inOrder(seeds, stage.engine.spreadWidth, signal, async (seed): Promise<PairRecord> => {
      const { picture, mask, js, score, areas } = await stage.predict(version, seed, { spread: true });
      await stage.engine.run(writePairTask, { folder: part, seed, picture, mask }, { lane: 'codec', signal });
      return { seed, class: null, js, score, areas };
    });
    for await (const candidate of made) tell(`${candidates.push(candidate)}/${seeds.length}`);
    const chooser = new PairChooser(plan);
    for (const candidate of candidates) chooser.add(candidate);
    const choice = chooser.choice();
    const { kept = [], dropped = [] } = Object.groupBy(candidates, (record) => fateOf(record, plan, choice));
    for (const { seed } of dropped) for (const path of [imageFile(part, seed), maskFile(part, seed)]) await rm(path);
    const title = `DatasetGAN demo: ${pairs} pairs`;
    const facts = datasetFacts({ dataset: planId(plan), title, labels: stage.labels, card, parts: [{ plan, choice }] });
    const provenance: DatasetProvenance = { ...facts, pairs: kept, dropped: dropped.map(({ seed, js }) => ({ seed, js })) };
    await writeFile(join(part, 'dataset.json'), `${JSON.stringify(provenance, null, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
  });
  return (performance.now() - started) / 1000;
}
