import { greatestUncertainty } from '../../../interpreter/inference/uncertainty.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { Dataset } from '../../../store/schema.ts';
import { requireVersion } from '../../../store/versions.ts';
import type { Choice } from '../../../synthesis/choose-pairs.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import type { RuleName } from '../../../synthesis/rules.ts';
import type { Product } from '../../product/product.ts';
import { recordOf } from '../../product/version-record.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { type ChosenPart, chosenParts } from '../record/dataset-parts.ts';
import { readRecords } from '../shards/read-pairs.ts';
import { type BeforeAfter, beforeAfter } from './before-after.ts';
import { type KeypointFigure, KeypointFigures } from './keypoint-figures.ts';

/** Candidates that are shown as examples. */
export interface Examples {
  readonly firstKept: readonly PairRecord[];
  /** The most uncertain first. */
  readonly uncertainKept: readonly PairRecord[];
  /** Of those that the filter left out, the most uncertain first. */
  readonly uncertainDropped: readonly PairRecord[];
  readonly firstRefused: readonly PairRecord[];
}

/** What a dataset's pairs are like, before and after rules and filter. */
export interface DatasetFigures {
  readonly parts: readonly ChosenPart[];
  readonly version: VersionRecord;
  readonly tried: number;
  readonly passed: number;
  readonly refused: Readonly<Partial<Record<RuleName, number>>>;
  readonly dropped: number;
  readonly kept: number;
  /** Image uncertainty, nats. */
  readonly js: BeforeAfter;
  /** By label: its share of the picture, 0 … 1. The background alone where there are no masks. */
  readonly areas: readonly BeforeAfter[];
  /** Share of the picture that is to be ignored; only where the order has a threshold. */
  readonly ignored: BeforeAfter | null;
  /** Nearest-annotated distance; only where a rule asks. */
  readonly nearest: BeforeAfter | null;
  /** By keypoint; empty where the version has none. */
  readonly keypoints: readonly KeypointFigure[];
  readonly examples: Examples;
}

/** Of each kind. */
const EXAMPLES = 8;
/** Distances beyond are counted in the last bin. */
const FARTHEST = 5;

/** Goes through the records of a dataset's candidates, in constant memory. @throws DatasetGanError `wrong-state` before all pairs are made */
export async function datasetFigures(
  { store: { db }, generators }: Pick<Product, 'store' | 'generators'>,
  dataset: Dataset,
): Promise<DatasetFigures> {
  const parts = await chosenParts(db, dataset.id);
  const { plan } = parts[0]!;
  const version = recordOf(await requireVersion(db, plan.version));
  const js = beforeAfter(greatestUncertainty(version));
  const areas = datasetLabels(version).map(() => beforeAfter(1));
  const ignored = plan.ignoreAbove === undefined ? null : beforeAfter(1);
  const nearest = plan.rules?.nearest === undefined ? null : beforeAfter(FARTHEST);
  const { labelSize } = (await generators.find(plan.generator)).card;
  const keypoints = version.keypoints && new KeypointFigures(version.keypoints, labelSize);
  const add = (which: 'before' | 'after', record: PairRecord) => {
    const pixels = record.areas.reduce((sum, area) => sum + area, record.ignored ?? 0);
    js[which].add(record.js);
    for (const [label, own] of areas.entries()) own[which].add(record.areas[label]! / pixels);
    keypoints?.add(which, record);
    ignored?.[which].add((record.ignored ?? 0) / pixels);
    nearest?.[which].add(record.nearest ?? 0);
  };
  const firstKept: PairRecord[] = [];
  const uncertainKept: PairRecord[] = [];
  const uncertainDropped: PairRecord[] = [];
  const firstRefused: PairRecord[] = [];
  for await (const record of readRecords(db, dataset, 'kept')) {
    add('before', record);
    add('after', record);
    if (firstKept.length < EXAMPLES) firstKept.push(record);
    keepMostUncertain(uncertainKept, record);
  }
  for await (const record of readRecords(db, dataset, 'dropped')) {
    add('before', record);
    keepMostUncertain(uncertainDropped, record);
  }
  for await (const record of readRecords(db, dataset, 'refused')) {
    add('before', record);
    if (firstRefused.length < EXAMPLES) firstRefused.push(record);
  }
  const sum = (of: (choice: Choice) => number) => parts.reduce((total, { choice }) => total + of(choice), 0);
  return {
    parts,
    version,
    tried: sum(({ tried }) => tried),
    passed: sum(({ passed }) => passed),
    refused: refusals(parts),
    dropped: sum(({ dropped }) => dropped),
    kept: sum(({ kept }) => kept),
    js,
    areas,
    ignored,
    nearest,
    keypoints: keypoints?.figures ?? [],
    examples: { firstKept, uncertainKept, uncertainDropped, firstRefused },
  };
}

/** Puts a record among the most uncertain ones, if it is one of them. */
function keepMostUncertain(most: PairRecord[], record: PairRecord): void {
  if (most.length === EXAMPLES && record.js <= most.at(-1)!.js) return;
  most.push(record);
  most.sort((a, b) => b.js - a.js || b.seed - a.seed);
  most.splice(EXAMPLES);
}

function refusals(parts: readonly ChosenPart[]): Partial<Record<RuleName, number>> {
  const refused: Partial<Record<RuleName, number>> = {};
  for (const { choice } of parts)
    for (const [rule, times] of Object.entries(choice.refused) as [RuleName, number][])
      refused[rule] = (refused[rule] ?? 0) + times;
  return refused;
}
