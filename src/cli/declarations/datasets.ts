import { type Command, Option } from 'commander';
import { FORMAT_NAMES, parseFormats } from '../../export/format-names.ts';
import { OBJECT_RULES } from '../../export/object-rule.ts';
import type { ExportOptions } from '../export-command.ts';
import { listByDefault } from './list-by-default.ts';
import { number, share } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** Datasets and jobs of the running server, and their files. */
export function declareDatasets(root: Command, run: Runner): void {
  declareDataset(root, run);
  declareJob(root, run);
  declareExport(root, run);
}

function declareDataset(root: Command, run: Runner): void {
  const dataset = root
    .command('dataset')
    .summary('list, pause, resume, extend or delete datasets')
    .description('List datasets, or show and change one. Without an action it lists them.');
  const list = async (project?: string) => (await import('../dataset-command.ts')).listDatasets(project);
  listByDefault(dataset, run(list));
  dataset
    .command('list')
    .summary('list datasets')
    .description('List the datasets, or those of one project.')
    .argument('[PROJECT]', 'number of the project in Label Studio')
    .action(run(list));
  for (const [action, summary, more] of [
    ['show', 'print a dataset as JSON', ''],
    ['pause', 'pause a dataset', ' Finished pairs stay.'],
    ['cancel', 'cancel a dataset', ' Finished pairs stay, and resume continues it.'],
    ['resume', 'resume a dataset that is paused, cancelled or failed', ' Finished pairs are reused.'],
  ] as const)
    dataset
      .command(action)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.${more}`)
      .argument('<ID>', 'id of the dataset')
      .action(run(async (id: string) => (await import('../dataset-command.ts')).changeDataset(id, action)));
  dataset
    .command('extend')
    .summary('add pairs to a dataset')
    .description('Add pairs to a dataset. No seed is used twice.')
    .argument('<ID>', 'id of the dataset')
    .requiredOption('--count <N>', 'pairs to add', number)
    .action(
      run(async (id: string, { count }: { count: number }) => (await import('../dataset-command.ts')).extendDataset(id, count)),
    );
  dataset
    .command('delete')
    .summary('delete a dataset')
    .description('Delete a dataset and its files.')
    .argument('<ID>', 'id of the dataset')
    .option('--with-project', 'delete its Label Studio project, too')
    .action(
      run(async (id: string, { withProject }: { withProject?: true }) =>
        (await import('../dataset-command.ts')).deleteDataset(id, withProject === true),
      ),
    );
}

function declareJob(root: Command, run: Runner): void {
  const job = root
    .command('job')
    .summary('show or cancel a job of the server')
    .description('Show or cancel a job of the server.');
  for (const [action, summary] of [
    ['show', 'print a job as JSON'],
    ['cancel', 'cancel a job'],
  ] as const)
    job
      .command(action)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
      .summary(summary)
      .argument('<ID>', 'id of the job')
      .action(run(async (id: string) => (await import('../job-command.ts')).jobCommand(id, action)));
}

function declareExport(root: Command, run: Runner): void {
  root
    .command('export')
    .summary('write the files of a dataset, or of annotations')
    .description('Write the files of a dataset, or of the annotations of any Label Studio project.')
    .argument('<DATASET>', 'id of the dataset; with --from-annotations, the number of a project')
    .requiredOption('--format <LIST>', `all, or formats with commas between them: ${FORMAT_NAMES.join(', ')}`, parseFormats)
    .requiredOption('--out <PLACE>', 'a folder, NAME.zip, NAME.tar, s3://BUCKET/PREFIX, or - for a tar on the standard output')
    .option('--validation <SHARE>', 'share of the pairs that is for validation (default: 0.1)', share(0.5))
    .option('--from-annotations', 'export the masks and keypoints that people drew in a project')
    .option('--license, --licence <TEXT>', 'licence of the pictures, with --from-annotations')
    .addOption(
      new Option(
        '--objects <RULE>',
        'what one object is, with --from-annotations: a drawn region, or a connected piece of a label (default: regions)',
      ).choices(OBJECT_RULES),
    )
    .addHelpText(
      'after',
      `
Examples:
  ${root.name()} export ID --format coco,yolo-seg --out ./portraits.zip
  ${root.name()} export --from-annotations 7 --format coco --out ./street`,
    )
    .action(
      run(async (source: string, options: ExportOptions) =>
        (await import('../export-command.ts')).exportCommand(source, options),
      ),
    );
}
