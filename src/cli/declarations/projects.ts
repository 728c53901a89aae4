import { type Command, Option } from 'commander';
import { PUSHED_AS, REGION_FORMS } from '../../api/dataset-options.ts';
import { FORMAT_NAMES } from '../../export/format-names.ts';
import type { SeedOptions, SynthesizeOptions } from '../project-commands.ts';
import { classes, cutoff, destination, list, number, rules } from './parse-value.ts';
import type { Runner } from './runner.ts';

const PROJECT = 'number of the project in Label Studio';

/** What the running server does for one labelling project. */
export function declareProjects(root: Command, run: Runner): void {
  root
    .command('project')
    .summary('show how far a project is')
    .description(
      'Show how far a project is: what more pictures would bring, which annotations are probably mistakes, how far people agree.',
    )
    .argument('<PROJECT>', PROJECT)
    .option('--json', 'print everything that is known of it, as JSON')
    .action(
      run(async (project: string, options: { json?: true }) =>
        (await import('../show-project.ts')).showProject(project, options),
      ),
    );

  root
    .command('seed')
    .summary('create more tasks in a project')
    .description('Create more tasks with generated pictures in a project, beside those that are there.')
    .argument('<PROJECT>', PROJECT)
    .requiredOption('--count <N>', 'tasks to create', number)
    .option('--start <SEED>', 'first seed (default: the first unused one)', number)
    .option('--classes <LIST>', "classes of the generator: 3, or 0,3, or all (default: the project's own)", classes)
    .option('--candidates <N>', 'choose those worth annotating most from so many (default: take seeds in turn)', number)
    .action(
      run(async (project: string, options: SeedOptions) =>
        (await import('../project-commands.ts')).seedCommand(project, options),
      ),
    );

  root
    .command('train')
    .summary('train a project on its current annotations')
    .description('Train a project on its current annotations. The server also does this by itself after each submit.')
    .argument('<PROJECT>', PROJECT)
    .action(run(async (project: string) => (await import('../project-commands.ts')).trainCommand(project)));

  root
    .command('synthesize')
    .summary('order a dataset')
    .description('Order a dataset of labelled pictures from a project, and watch until it is delivered.')
    .argument('<PROJECT>', PROJECT)
    .requiredOption('--count <N>', 'pairs of image and mask to deliver', number)
    .option('--title <TEXT>', 'title of the dataset')
    .option('--version <ID>', 'model version (default: the current one)')
    .option('--filter <SHARE>', 'share of the pictures to drop, the most uncertain first (default: 0.1)', number)
    .option('--psi <PSI>', "truncation (default: the project's own)", number)
    .option('--cutoff <LAYERS>', 'layers that psi applies to, or none for all', cutoff)
    .option('--classes <LIST>', 'classes of the generator: 3, or 0,3, or all (default: those of the annotated tasks)', classes)
    .option('--start <SEED>', 'first seed (default: the first that no dataset of the project has tried)', number)
    .option('--rules <JSON>', 'rules that leave out masks; docs/api.md lists them', rules)
    .option('--ignore-above <NATS>', 'mark pixels with more uncertainty than this as ignored (255)', number)
    .option('--formats <LIST>', `files to make, with commas between them (default: index-png): ${FORMAT_NAMES.join(', ')}`, list)
    .option(
      '--destination <WHERE>',
      'new: a new Label Studio project; files: files only; a number: that project (default: new)',
      destination,
    )
    .addOption(new Option('--push <KIND>', 'what the regions are in Label Studio (default: predictions)').choices(PUSHED_AS))
    .addOption(
      new Option('--regions <FORM>', "form of the regions (default: that of the project's label config)").choices(REGION_FORMS),
    )
    .addHelpText('after', `\nExample:\n  ${root.name()} synthesize 1 --count 1000 --title "Portraits" --formats coco,yolo-seg`)
    .action(
      run(async (project: string, options: SynthesizeOptions) =>
        (await import('../project-commands.ts')).synthesizeCommand(project, options),
      ),
    );
}
