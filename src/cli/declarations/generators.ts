import { type Command, Option } from 'commander';
import type { ImportCommandOptions } from '../import-command.ts';
import type { SampleOptions } from '../sample-command.ts';
import { listByDefault } from './list-by-default.ts';
import { cutoff, number, rows, seeds } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** StyleGANs on this machine. They need no running server. */
export function declareGenerators(root: Command, run: Runner): void {
  root
    .command('import')
    .summary('make a generator of a StyleGAN checkpoint')
    .description('Make a generator of a StyleGAN checkpoint: .pkl, .pt, .pth or .safetensors. Nothing in the file is run.')
    .argument('<FILE>', 'the checkpoint')
    .option('--name <NAME>', "name of the generator (default: from the file's name)")
    .option('--license, --licence <TEXT>', 'licence of the weights, as their source states it')
    .option('--psi <PSI>', 'truncation when none is given (default: 0.7)', number)
    .option('--avg-latent <FILE>', 'a .npy file with the mean of w, if it is not in the checkpoint')
    .option('--taps <SET>', 'layers that make up the features: default, editgan, or datasetgan (StyleGAN1)')
    .option('--rows <FROM:TO>', 'rows that are picture, if the others are padding: 64:448', rows)
    .option('--label-size <PIXELS>', 'width of pictures and masks (default: the resolution, at most 512)', number)
    .action(
      run(async (file: string, options: ImportCommandOptions) =>
        (await import('../import-command.ts')).importCommand(file, options),
      ),
    );

  declareActions(root, run);

  root
    .command('sample')
    .summary('draw pictures of a generator on one sheet')
    .description('Draw pictures of a generator on one sheet. With --raw, write the arrays of given latents for other tools.')
    .argument('<NAME>', 'name of the generator')
    .addOption(new Option('--seeds <LIST>', 'seeds to draw').default(seeds('0-7'), '0-7').argParser(seeds))
    .option('--psi <PSI>', "truncation (default: the generator's own)", number)
    .option('--cutoff <LAYERS>', "layers that psi applies to, or none for all (default: the generator's own)", cutoff)
    .option('--class <N>', 'class, of a generator with classes', number)
    .option('--out <FILE>', 'file of the sheet, or - for the standard output (default: sheet.png)')
    .option('--z <FILE>', 'latents as .npy, with --raw')
    .option('--c <FILE>', 'classes of the latents as .npy, with --raw')
    .addOption(new Option('--raw <DIR>', 'write ws.npy, image.npy and taps/*.npy into this folder').conflicts(['seeds', 'class']))
    .action(
      run(async (name: string, options: SampleOptions) => (await import('../sample-command.ts')).sampleCommand(name, options)),
    );
}

function declareActions(root: Command, run: Runner): void {
  const generators = root
    .command('generators')
    .summary('list, show, rename or remove generators')
    .description('List the generators of this machine, or show and change one. Without an action it lists them.');
  const list = async () => (await import('../generators-command.ts')).listGenerators();
  listByDefault(generators, run(list));
  generators.command('list').summary('list generators').description('List the generators of this machine.').action(run(list));
  generators
    .command('show')
    .summary('print a generator and the report of its import as JSON')
    .description('Print a generator and the report of its import as JSON.')
    .argument('<NAME>', 'name of the generator')
    .action(run(async (name: string) => (await import('../generators-command.ts')).showGenerator(name)));
  generators
    .command('rename')
    .summary('rename a generator')
    .description('Rename a generator. A running server picks it up immediately.')
    .argument('<NAME>', 'its name now')
    .argument('<NEW>', 'its new name')
    .action(run(async (name: string, to: string) => (await import('../generators-command.ts')).renameOne(name, to)));
  generators
    .command('remove')
    .summary('remove a generator')
    .description('Remove a generator. A running server picks it up immediately.')
    .argument('<NAME>', 'name of the generator')
    .action(run(async (name: string) => (await import('../generators-command.ts')).removeOne(name)));
}
