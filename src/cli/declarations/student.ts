import type { Command } from 'commander';
import type { StudentOptions } from '../student-command.ts';
import { number } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** A model for photographs from a dataset. It needs no running server. */
export function declareStudent(root: Command, run: Runner): void {
  root
    .command('student')
    .summary('learn a model for photographs from a dataset')
    .description('Learn from the pairs of a dataset how to label photographs. Nobody needs to annotate a photograph.')
    .argument('<FOLDER>', 'the pairs: a dataset as index PNG, as orders and export write it')
    .requiredOption('--out <FILE>', 'the version file to write')
    .option(
      '--annotated <DIR>',
      'annotated photographs to learn from, too: what export --from-annotations --format index-png writes',
    )
    .option('--backbone <NAME>', 'the network that looks at them', 'efficientnet-lite2')
    .option('--size <PIXELS>', "working size: a picture's longer side is scaled to it (default: the backbone's own)", number)
    .addHelpText(
      'after',
      `
Example:
  ${root.name()} export ID --format index-png --out ./portraits
  ${root.name()} student ./portraits --size 256 --out ./student.safetensors
  ${root.name()} photo-model ./student.safetensors --out ./student.onnx`,
    )
    .action(
      run(async (folder: string, options: StudentOptions) =>
        (await import('../student-command.ts')).studentCommand(folder, options),
      ),
    );
}
