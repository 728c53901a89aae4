import type { DatasetOptions } from '../../../api/dataset-options.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import {
  createProject,
  type Project as LabelStudioProject,
  listProjects,
  projectUid,
} from '../../../label-studio/client/projects.ts';
import { configForControl } from '../../../label-studio/label-config/config-for-control.ts';
import { configInLabels, type LabelIndices } from '../../../label-studio/label-config/config-in-labels.ts';
import type { LabelConfig } from '../../../label-studio/label-config/label-config.ts';
import type { MasksToShow } from '../../../label-studio/label-config/missing-for-masks.ts';
import { parseLabelConfig } from '../../../label-studio/label-config/parse-label-config.ts';
import { updateDataset } from '../../../store/datasets.ts';
import { getProject, projectKey, requireProject, upsertProject } from '../../../store/projects.ts';
import type { Dataset, Project } from '../../../store/schema.ts';
import { requireVersion } from '../../../store/versions.ts';
import { annotatedTexts } from '../../product/annotated-texts.ts';
import type { Links } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { recordOf } from '../../product/version-record.ts';
import { configOf, connectionOf, type LinkedProject, linkProject } from '../../projects/linked-project.ts';
import { optionsOf } from '../record/options-of.ts';
import { planOf } from '../record/stored-plan.ts';
import { describes, descriptionWithPage, stateInWords } from './describe-dataset.ts';
import { CONTROL_OF, checkDestination } from './order-destination.ts';

type Publishing = Links & Pick<Product, 'settings'>;

/** Where a dataset goes, and how its masks are drawn there. */
export interface DatasetProject extends LinkedProject {
  /** Its regions, in the label indices of the dataset's masks. */
  readonly config: LabelConfig;
  /** We made it for this dataset: its description and the version it shows are ours. */
  readonly own: boolean;
}

/**
 * The Label Studio project of a dataset: the one that it has already, the one that was named, or a new one.
 * @throws DatasetGanError checkDestination's, linkProject's
 */
export async function datasetProject(product: Publishing, dataset: Dataset, signal: AbortSignal): Promise<DatasetProject> {
  const source = await requireProject(product.store.db, dataset.project_key);
  const record = recordOf(await requireVersion(product.store.db, planOf(dataset).version));
  const labels = labelsOf(record, configOf(source).sparse);
  const options = optionsOf(dataset);
  const key = dataset.ls_project_key ?? (await place(product, dataset, source, labels.shown, options, signal));
  const linked = await linkProject(product, key, signal);
  const control = options.regions === undefined ? undefined : CONTROL_OF[options.regions];
  return {
    ...linked,
    config: configInLabels(parseLabelConfig(linked.found.label_config, { wanted: control }), labels.indices),
    own: linked.row.dataset_id === dataset.id,
  };
}

interface DatasetLabels {
  readonly indices: LabelIndices;
  readonly shown: MasksToShow;
}

/** The labels and keypoints of a dataset: those of its version, whatever the project's label config has become since. */
function labelsOf(record: VersionRecord, sparse: boolean): DatasetLabels {
  const { labels } = record;
  const keypoints = record.keypoints?.names ?? [];
  const indexed = (texts: readonly string[]) => texts.map((text, index) => [text, index] as const);
  const labelTexts = indexed(labels).filter(([, index]) => index > 0 || sparse);
  return {
    indices: { labels, labelTexts, sparse, keypoints, keypointTexts: indexed(keypoints) },
    shown: { ...annotatedTexts(record), sparse },
  };
}

/** Finds or makes the project and writes down that the dataset goes there. Gives its key. */
async function place(
  product: Publishing,
  dataset: Dataset,
  source: Project,
  shown: MasksToShow,
  { destination, regions }: DatasetOptions,
  signal: AbortSignal,
): Promise<string> {
  const { db } = product.store;
  const named = await checkDestination(product, source.host, destination, shown, regions, signal);
  const found = named ?? (await ownProject(product, dataset, source, shown, regions, signal));
  const createdAtUnix = Number(projectUid(found).split('.')[1]);
  const key = projectKey({ host: source.host, lsId: found.id, createdAtUnix });
  // One that holds a dataset already stays what it is.
  if ((await getProject(db, key)) === undefined) {
    await upsertProject(db, {
      key,
      host: source.host,
      ls_id: found.id,
      created_at_unix: createdAtUnix,
      title: found.title,
      kind: 'dataset',
      state: 'connected',
      label_config: found.label_config,
      generator: source.generator,
      source_project: source.key,
      dataset_id: named === undefined ? dataset.id : null,
    });
  }
  await updateDataset(db, dataset.id, { ls_project_id: found.id, ls_project_key: key });
  return key;
}

/** The project that we make for the dataset; we may have been killed after Label Studio made it and before its id was written down. */
async function ownProject(
  product: Publishing,
  dataset: Dataset,
  source: Project,
  shown: MasksToShow,
  regions: DatasetOptions['regions'],
  signal: AbortSignal,
): Promise<LabelStudioProject> {
  const connection = connectionOf(product, source.host);
  for await (const project of listProjects(connection, signal)) if (describes(project.description, dataset)) return project;
  const control = regions === undefined ? undefined : CONTROL_OF[regions];
  const settings = {
    title: dataset.title.slice(0, 50).padEnd(3),
    description: await descriptionWithPage(product, dataset, stateInWords('running', 0, dataset.delivered)),
    label_config: configForControl(source.label_config, control, shown),
    sampling: 'Uncertainty sampling',
    show_collab_predictions: true,
  } as const;
  return createProject(connection, settings, signal);
}
