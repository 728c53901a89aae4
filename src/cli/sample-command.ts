import { writeFile } from 'node:fs/promises';
import { DatasetGanError } from '../errors.ts';
import { encodePictureTask } from '../jobs/engine-tasks/encode-png.ts';
import { onDisk } from '../on-disk.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { contactSheet } from '../stylegan/contact-sheet.ts';
import type { Picture } from '../stylegan/picture.ts';
import { sampleLayersTask } from '../stylegan/sample-layers.ts';
import { synthesisMemory } from '../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../stylegan/synthesize-image.ts';
import { type LocalGenerators, withGenerators } from './local-generators.ts';
import { STDOUT, writeOut } from './stdout-target.ts';

export interface SampleOptions {
  readonly seeds: readonly number[];
  readonly psi?: number;
  readonly cutoff?: number | 'none';
  readonly class?: number;
  readonly out?: string;
  readonly z?: string;
  readonly c?: string;
  readonly raw?: string;
}

/** `datasetgan sample NAME …`: pictures of seeds on one sheet, or the raw arrays of given latents. */
export async function sampleCommand(name: string, { seeds, ...values }: SampleOptions): Promise<number> {
  const { psi } = values;
  const cutoff = values.cutoff === 'none' ? null : values.cutoff;
  return withGenerators(async (local) => {
    const generator = await local.library.find(name);
    const truncation = {
      psi: psi ?? generator.card.psi,
      cutoff: cutoff === undefined ? generator.card.cutoff : cutoff,
    };
    if (values.raw !== undefined) {
      if (values.z === undefined)
        throw new DatasetGanError('bad-request', '--raw takes latents, which --z names.', {
          fix: `Use: ${OWN_COMMAND} sample NAME --z z.npy [--c c.npy] --raw DIR`,
        });
      if (values.raw === STDOUT)
        throw new DatasetGanError('bad-request', '--raw - names no folder.', {
          fix: 'Several arrays are written: name a folder.',
        });
      const input = { generator, zFile: values.z, cFile: values.c, ...truncation, folder: values.raw };
      const memory = 2 * synthesisMemory(generator.card);
      const files = await local.engine.run(sampleLayersTask, input, { lane: 'batch', memory });
      process.stdout.write(`${files.length} arrays in ${values.raw}\n`);
      return 0;
    }
    if (values.z !== undefined || values.c !== undefined)
      throw new DatasetGanError('bad-request', '--z and --c need --raw.', {
        fix: `Use: ${OWN_COMMAND} sample NAME --z z.npy --raw DIR`,
      });
    const identity = { generator: generator.card.id, class: values.class ?? null, ...truncation };
    const pictures: Picture[] = [];
    for (const seed of seeds) pictures.push(await picture(local, { generator, image: { ...identity, seed } }));
    const sheet = contactSheet(pictures, Math.min(8, Math.ceil(Math.sqrt(seeds.length * 2))));
    const out = values.out ?? 'sheet.png';
    const png = await local.engine.run(encodePictureTask, sheet, { lane: 'codec' });
    if (out === STDOUT) {
      await writeOut(png);
      return 0;
    }
    await onDisk(out, () => writeFile(out, png));
    process.stdout.write(`${seeds.length} pictures in ${out}\n`);
    return 0;
  });
}

type SynthesizeInput = Parameters<NonNullable<(typeof synthesizeImageTask)['types']>>[0];

const picture = ({ engine }: LocalGenerators, input: SynthesizeInput): Promise<Picture> =>
  engine.run(synthesizeImageTask, input, { lane: 'batch', memory: synthesisMemory(input.generator.card) });
