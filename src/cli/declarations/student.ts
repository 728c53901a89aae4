import type { Command } from 'commander';
import { USUAL_BACKBONE } from '../../photos/published-backbones.ts';
import type { StudentOptions } from '../student-command.ts';
import { number } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** A model for photographs from a dataset. A folder of pairs needs no running server. */
export function declareStudent(root: Command, run: Runner): void {
  root
    .command('student')
    .summary('learn a model for photographs from a dataset')
    .description('Learn from the pairs of a dataset how to label photographs. Nobody needs to annotate a photograph.')
    .argument('<ORDER>', 'the dataset of an order, by its id; or a folder with its pairs as index PNG, as export writes it')
    .requiredOption(
      '--out <FILE>',
      'the file to write: NAME.onnx is a model that ONNX Runtime runs, any other name a version file alone',
    )
    .option(
      '--annotated <DIR>',
      'annotated photographs to learn from, too: what export --from-annotations --format index-png writes',
    )
    .option('--backbone <NAME>', 'the network that looks at them', USUAL_BACKBONE)
    .option(
      '--size <PIXELS>',
      "working size: a picture's longer side is scaled to it (default: that of the pairs, or the backbone's own where that is smaller)",
      number,
    )
    .addHelpText(
      'after',
      `
Example:
  ${root.name()} dataset list
  ${root.name()} student ID --out ./student.onnx

  ${root.name()} export ID --format index-png --out ./portraits
  ${root.name()} student ./portraits --out ./student.onnx`,
    )
    .action(
      run(async (order: string, options: StudentOptions) =>
        (await import('../student-command.ts')).studentCommand(order, options),
      ),
    );
}
