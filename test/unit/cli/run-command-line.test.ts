import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { datasetOrder } from '../../../src/api/requests.ts';
import { program } from '../../../src/cli/program.ts';
import { bodyOf, type SynthesizeOptions } from '../../../src/cli/project-commands.ts';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { checkInput } from '../../../src/server/check-input.ts';
import { cliReference } from '../../support/cli-reference.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Exit code and output of what prints help. */
async function printed(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const code = await runCommandLine(args);
    return { code, out: out.mock.calls.map(([text]) => text).join(''), err: err.mock.calls.map(([text]) => text).join('') };
  } finally {
    vi.restoreAllMocks();
  }
}

/** What a command's work gets, which does not run. */
async function parsed(...args: string[]): Promise<unknown[]> {
  let got: unknown[] = [];
  const root = program(() => {});
  let command = root;
  for (const arg of args) command = command.commands.find((known) => known.name() === arg) ?? command;
  command.action((...given: unknown[]) => {
    got = given.slice(0, -1);
  });
  await root.parseAsync(args, { from: 'user' });
  return got;
}

describe('help', () => {
  test.each([[], ['help'], ['--help'], ['-h']])('datasetgan %s lists all commands', async (...args) => {
    const { code, out } = await printed(...args);
    expect(code).toBe(0);
    for (const { name } of program(() => {}).commands.map((command) => ({ name: command.name() })))
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  test.each([
    ['synthesize', '--help'],
    ['help', 'synthesize'],
    ['synthesize', '1', '--count', '5', '-h'],
  ])('datasetgan %s %s has the options of the command, and runs nothing', async (...args) => {
    const { code, out } = await printed(...args);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: .*datasetgan synthesize \[options\] <PROJECT>/);
    expect(out).toContain('--ignore-above <NATS>');
  });

  test('of a command with actions, and of an action', async () => {
    expect((await printed('dataset', '--help')).out).toContain('extend [options] <ID>');
    expect((await printed('dataset', 'help', 'extend')).out).toContain('pairs to add (required)');
  });

  test('a command that needs an action says so with its help, as an error', async () => {
    const { code, out, err } = await printed('job');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('cancel <ID>');
  });

  test('--version is that of the package', async () => {
    expect(await printed('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  test('loads neither the engine nor the server', () => {
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const statics = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm);
      for (const [, path] of statics) if (path!.endsWith('.ts')) load(resolve(dirname(file), path!));
    };
    load(resolve(ROOT, 'src/main.ts'));
    expect(loaded.size).toBeGreaterThan(10);
    expect(
      [...loaded].filter((file) => /src\/(engine|server|jobs|store|label-studio|stylegan|interpreter|masks)\//.test(file)),
    ).toEqual([]);
  });
});

test('docs/cli.md is current: if not, npm run docs', () => {
  expect(readFileSync(resolve(ROOT, 'docs/cli.md'), 'utf8')).toBe(cliReference());
});

test('every command of the documents is there', () => {
  const names = ['help', ...program(() => {}).commands.map((command) => command.name())];
  const documents = [
    'README.md',
    'docs/formats.md',
    'docs/generators.md',
    'docs/photos.md',
    'docs/scale.md',
    'docs/api.md',
    'docs/design.md',
  ];
  const used = documents.flatMap((file) => [
    ...readFileSync(resolve(ROOT, file), 'utf8').matchAll(/(?:^|`|npx )datasetgan ([a-z-]+)/gm),
  ]);
  expect(used.length).toBeGreaterThan(10);
  expect(used.map(([, name]) => name).filter((name) => !names.includes(name!))).toEqual([]);
});

describe('one sentence and its fix for', () => {
  const see = (command: string) => expect.stringMatching(new RegExp(`^See: .*datasetgan${command} --help$`)) as string;
  test.each([
    [['sythesize'], "Unknown command 'sythesize'. Did you mean synthesize?", see('')],
    [['zzz'], "Unknown command 'zzz'.", see('')],
    [['constructor'], "Unknown command 'constructor'.", see('')],
    [['--hlep'], "Unknown option '--hlep'. Did you mean --help?", see('')],
    [['serve', '--prot', '9191'], "Unknown option '--prot'. Did you mean --port?", see(' serve')],
    [['doctor', '--prot', '3'], "Unknown option '--prot'.", see(' doctor')],
    [['serve', '--port'], "Option '--port <PORT>' argument missing.", see(' serve')],
    [['demo', 'seven'], "Too many arguments for 'demo'. Expected 0 arguments but got 1: seven.", see(' demo')],
    [['demo', '--headless=yes'], "Unknown option '--headless=yes'.", see(' demo')],
    [['demo', '--annotations', '17'], '--annotations 17 is not valid.', 'It must be a whole number from 1 to 16.'],
    [['demo', '--pairs', '1.5'], '--pairs 1.5 is not valid.', 'It must be a whole number from 1 to 100000.'],
    [['demo', '--pairs=-1'], '--pairs -1 is not valid.', 'It must be a whole number from 1 to 100000.'],
    [['worker', '--concurrency', '0'], '--concurrency 0 is not valid.', 'It must be a whole number from 1 to 256.'],
    [['train'], "Missing required argument 'PROJECT'.", see(' train')],
    [['synthesize', '1'], "Required option '--count <N>' not specified.", see(' synthesize')],
    [['synthesize', '1', '--count', 'x'], '--count x is not valid.', 'It must be a number.'],
    [['synthesize', '1', '--count', ''], '--count  is not valid.', 'It must be a number.'],
    [
      ['synthesize', '1', '--count', '5', '--push', 'masks'],
      '--push masks is not valid.',
      'Allowed choices are predictions, annotations.',
    ],
    [
      ['synthesize', '1', '--count', '5', '--rules', '{present'],
      '--rules {present is not valid.',
      expect.stringContaining('{"present": ["Hair"], "pieces": 3}') as string,
    ],
    [
      ['seed', '1', '--count', '5', '--classes', 'x'],
      '--classes x is not valid.',
      'Use a number, numbers with commas between them, or all.',
    ],
    [['dataset', 'pase'], "Unknown command 'pase'. Did you mean pause?", see(' dataset')],
    [['dataset', 'zzz', '7'], "Unknown command 'zzz'.", see(' dataset')],
    [['dataset', 'extend', '7'], "Required option '--count <N>' not specified.", see(' dataset extend')],
    [['generators', 'rename', 'a'], "Missing required argument 'NEW'.", see(' generators rename')],
    [['job', 'shwo', '1'], "Unknown command 'shwo'. Did you mean show?", see(' job')],
    [
      ['sample', 'x', '--raw', 'd', '--seeds', '3'],
      "Option '--raw <DIR>' cannot be used with option '--seeds <LIST>'.",
      see(' sample'),
    ],
    [['sample', 'x', '--seeds', '9-1'], '--seeds 9-1 is not valid.', 'Use at most 256 seeds, for example 0-7 or 1,5,20-29.'],
    [['sample', 'x', '--seeds', '0-256'], '--seeds 0-256 is not valid.', expect.any(String) as string],
    [
      ['import', 'x', '--rows', '5'],
      '--rows 5 is not valid.',
      'Give the first row and the one after the last, for example 64:448.',
    ],
    [
      ['export', '1', '--format', 'coco', '--out', 'x', '--validation', '0.9'],
      '--validation 0.9 is not valid.',
      'It must be a share from 0 to 0.5, for example 0.1.',
    ],
  ])('%j', async (args, message, fix) => {
    await expect(runCommandLine(args)).rejects.toMatchObject({ code: 'bad-request', message, fix });
  });
});

describe('what the work of a command gets', () => {
  test('every option of an order, where the server takes it', async () => {
    const [project, options] = await parsed(
      ...['synthesize', '7', '--count', '50', '--title', 'Faces', '--version', 'dg-000000000001', '--filter', '0.2'],
      ...['--psi', '0.7', '--cutoff', 'none', '--classes', '0,3', '--start', '7', '--ignore-above', '0.3'],
      ...['--rules', '{"present": ["Hair"], "pieces": 2}', '--formats', 'coco,voc,coco', '--destination', '12'],
      ...['--push', 'annotations', '--regions', 'polygons'],
    );
    expect(project).toBe('7');
    expect(checkInput(datasetOrder, bodyOf(options as SynthesizeOptions))).toEqual({
      count: 50,
      title: 'Faces',
      version: 'dg-000000000001',
      filter: 0.2,
      psi: 0.7,
      cutoff: null,
      classes: [0, 3],
      seedStart: 7,
      rules: { present: ['Hair'], pieces: 2 },
      ignoreAbove: 0.3,
      formats: ['coco', 'voc'],
      destination: 12,
      push: 'annotations',
      regions: 'polygons',
    });
  });

  test('of an order, only what was given', async () => {
    const body = async (...args: string[]) =>
      bodyOf((await parsed('synthesize', '7', '--count', '5', ...args))[1] as SynthesizeOptions);
    expect(await body()).toEqual({ count: 5 });
    expect(await body('--destination', 'files', '--cutoff', '4', '--formats', '', '--psi', '-0.5')).toEqual({
      count: 5,
      destination: 'files',
      cutoff: 4,
      formats: [],
      psi: -0.5,
    });
  });

  test.each([
    [['demo'], [{ annotations: 4, pairs: 50 }]],
    [
      ['demo', '--headless', '--exit', '--annotations', '16', '--pairs=7'],
      [{ headless: true, exit: true, annotations: 16, pairs: 7 }],
    ],
    [['serve'], [{ work: true }]],
    [['serve', '--port', '9191', '--no-work', '--host=::1'], [{ port: '9191', work: false, host: '::1' }]],
    [['worker', '--drain', '0'], [{ concurrency: 1, drain: 0 }]],
    [
      ['sample', 'cats'],
      ['cats', { seeds: [0, 1, 2, 3, 4, 5, 6, 7] }],
    ],
    [
      ['sample', 'cats', '--seeds', '1,4,10-12', '--out', '-'],
      ['cats', { seeds: [1, 4, 10, 11, 12], out: '-' }],
    ],
    [
      ['import', 'a.pkl', '--rows', '64:448', '--avg-latent', 'm.npy'],
      ['a.pkl', { rows: { from: 64, to: 448 }, avgLatent: 'm.npy' }],
    ],
    [
      ['seed', '7', '--count', '5', '--classes', 'all'],
      ['7', { count: 5, classes: 'all' }],
    ],
    [
      ['dataset', 'list', '7'],
      ['7', {}],
    ],
    [
      ['export', '--from-annotations', '7', '--format', 'coco,voc', '--out', '-', '--objects', 'pieces'],
      ['7', { fromAnnotations: true, format: ['coco', 'voc'], out: '-', objects: 'pieces' }],
    ],
  ])('%j', async (args, expected) => {
    expect(await parsed(...args)).toEqual(expected);
  });
});
