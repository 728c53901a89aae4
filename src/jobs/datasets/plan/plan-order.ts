import type { Kysely } from 'kysely';
import { type DatasetOptions, orderOptions } from '../../../api/dataset-options.ts';
import type { DatasetOrder } from '../../../api/requests.ts';
import { DatasetGanError } from '../../../errors.ts';
import { defaultFormats, fittingFormats } from '../../../export/fitting-formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../export/format-names.ts';
import { versionOfProject, versionsOfProject } from '../../../store/project-versions.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Database, Project, Version } from '../../../store/schema.ts';
import { seedsInUse } from '../../../store/tasks.ts';
import { requireVersion } from '../../../store/versions.ts';
import { checkImage } from '../../../stylegan/image-identity.ts';
import {
  checkSeeds,
  DATASET_SEED_START,
  type DatasetPlan,
  DEFAULT_FILTER,
  planId,
  shardSize,
} from '../../../synthesis/dataset-plan.ts';
import { inFreeSeeds } from '../../../synthesis/free-seeds.ts';
import { annotatedTexts } from '../../product/annotated-texts.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { localVersion } from '../../product/version-file.ts';
import { photoRecordOf, recordOf } from '../../product/version-record.ts';
import { configOf, imageOf } from '../../projects/linked-project.ts';
import { noVersion } from '../../projects/no-version.ts';
import { hasPhotographs, nothingGenerated } from '../../projects/photo-settings.ts';
import { checkDestination, seedsShown } from '../publish/order-destination.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { requireRoomFor } from '../record/disk-need.ts';
import { type ExpectedCost, expectedPairCost } from '../record/pair-cost.ts';
import { takenSeeds } from '../record/taken-seeds.ts';
import { annotatedPictures } from './annotated-pictures.ts';
import { planRules } from './order-rules.ts';

/** What an order would make, all defaults filled in. */
export interface PlannedOrder {
  readonly project: Project;
  /** Of a pair of its generator. */
  readonly cost: ExpectedCost;
  readonly options: DatasetOptions;
  /** Formats that its files can have. */
  readonly fits: readonly FormatName[];
  /** Its plan by what other datasets have tried now. */
  plan(db: Kysely<Database>): Promise<DatasetPlan>;
}

/**
 * Reads an order of a project's current version, or a named one, and changes nothing. psi, cutoff and class rule are those of the pictures that the
 * version learnt from unless given; the first seed is the first one from which nothing was tried by another dataset of the project.
 * @throws DatasetGanError `no-version` before the first version, `unknown-version`, `version-lost`, `disk-full` when the pairs would not fit,
 * `bad-request` past
 *   the last seed and for what the generator or the version cannot do; and checkDestination's
 */
export async function planOrder(product: DatasetsContext, projectKey: string, order: DatasetOrder): Promise<PlannedOrder> {
  const { db } = product.store;
  const project = await requireProject(db, projectKey);
  if (hasPhotographs(project)) throw nothingGenerated(project);
  const version = await orderVersion(db, project, order.version);
  if (photoRecordOf(version) !== undefined) throw nothingGenerated(project);
  await localVersion(product, version.id, { thoroughly: true });
  const record = recordOf(version);
  const generator = await product.generators.find(version.generator_id);
  const { card } = generator;
  const annotated = annotatedPictures(record);
  const classes = order.classes ?? annotated.classes ?? project.class_rule;
  const own = { ...imageOf({ ...project, class_rule: classes }, generator, 0), ...annotated.truncation };
  const cost = await expectedPairCost(db, card);
  const labelled = await seedsInUse(db, card.id);
  const seedStart = order.seedStart ?? DATASET_SEED_START;
  const psi = order.psi ?? own.psi;
  const cutoff = order.cutoff === undefined ? own.cutoff : order.cutoff;
  checkImage({ ...own, psi, cutoff }, card);
  const { sparse } = configOf(project);
  const contents = { ...record, labels: datasetLabels(record) };
  const options = orderOptions({ ...order, formats: fittingFormats(order.formats ?? defaultFormats(contents), contents) });
  const shown = { ...annotatedTexts(record), sparse };
  const named = await checkDestination(product, project.host, options.destination, shown, options.regions);
  const taken = new Set([
    ...labelled,
    ...(named === undefined ? [] : await seedsShown(product, project.host, named.id, card.id)),
  ]);
  const wanted: DatasetPlan = {
    generator: card.id,
    version: version.id,
    psi,
    cutoff,
    ...(classes === null ? {} : { classes }),
    seedStart,
    count: order.count,
    filter: order.filter ?? DEFAULT_FILTER,
    ...(order.rules === undefined ? {} : { rules: planRules(order.rules, record, card.labelSize, sparse) }),
    ...(order.ignoreAbove === undefined ? {} : { ignoreAbove: order.ignoreAbove }),
    shardSize: shardSize(cost.seconds),
    skippedSeeds: [...taken].filter((seed) => seed >= seedStart).sort((a, b) => a - b),
  };
  checkSeeds(wanted);
  await requireRoomFor(product, [{ planId: planId(wanted), plan: wanted, choice: null }], options);
  return {
    project,
    cost,
    options,
    fits: fittingFormats(FORMAT_NAMES, contents),
    async plan(within) {
      const plan = order.seedStart === undefined ? inFreeSeeds(wanted, await takenSeeds(within, projectKey, card.id)) : wanted;
      checkSeeds(plan);
      return plan;
    },
  };
}

/** Versions that a refusal names. */
const NAMED = 20;

/** The version that an order is made with: the project's current one, or one of its own that was named. */
async function orderVersion(db: Kysely<Database>, project: Project, wanted = 'newest'): Promise<Version> {
  if (wanted !== 'newest') {
    const found = await versionOfProject(db, project.key, wanted);
    if (found !== undefined) return found;
    const versions = await versionsOfProject(db, project.key, { limit: NAMED });
    throw new DatasetGanError('unknown-version', `Project '${project.title}' has no version ${wanted}.`, {
      fix:
        versions.length === 0
          ? 'Annotate at least one task.'
          : `Its last versions are: ${versions.map(({ id }) => id).join(', ')}.`,
    });
  }
  if (project.current_version !== null) return requireVersion(db, project.current_version);
  throw noVersion(`Project '${project.title}'`);
}
