import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const DESIGN = readFileSync(join(ROOT, 'docs/design.md'), 'utf8');

/** What each folder of src may import: the table in docs/design.md. Data flows one way; a folder that is not there belongs there first. */
const ARROWS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...DESIGN.matchAll(/^\| `src\/([a-z-]+)\/` \| .* \| (.*) \|$/gm)].map(([, folder, targets]) => [
    folder!,
    targets === '-' ? [] : targets!.split(', '),
  ]),
);
/** Rooms of a folder, lowest first: each may import those before it. The files of the folder itself are '.'. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  jobs: [
    'queue',
    'engine-tasks',
    'product',
    'projects',
    'sources',
    'generators',
    'predictions',
    'training',
    'datasets/record',
    'datasets/shards',
    'datasets/report',
    'datasets/files',
    'datasets/publish',
    'datasets/plan',
    'datasets',
    'orders',
    '.',
  ],
  interpreter: ['.', 'learning', 'features', 'sampling', 'ensemble', 'boxes', 'keypoints', 'versions', 'inference', 'clicks'],
};

/** Files directly in src: main may import all, these are for all and import only each other. */
const FOR_ALL = [
  'errors.ts',
  'thrown.ts',
  'closers.ts',
  'escape-text.ts',
  'in-order.ts',
  'settings.ts',
  'storage-address.ts',
  'log.ts',
  'make-folders.ts',
  'nearest-name.ts',
  'on-disk.ts',
  'own-command.ts',
  'disk-full.ts',
  'sync-tree.ts',
  'write-whole.ts',
];

/** File (relative to src, with `/`) → its source. */
type Sources = ReadonlyMap<string, string>;

/** Relative paths that a source imports, type imports and dynamic ones included. */
function importedPaths(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]+)['"]/g)].map((match) => match[1]!);
}

function importsOf(sources: Sources): Map<string, string[]> {
  return new Map(
    [...sources].map(([file, source]) => [
      file,
      importedPaths(source).map((path) => relative('/src', resolve('/src', dirname(file), path)).replaceAll('\\', '/')),
    ]),
  );
}

function folderOf(file: string): string {
  return file.includes('/') ? file.split('/')[0]! : file;
}

/** One line for every import against the arrows. */
function violations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, targets] of importsOf(sources)) {
    const folder = folderOf(file);
    if (folder === 'main.ts') continue;
    const allowed = FOR_ALL.includes(folder) ? [] : ARROWS[folder];
    if (allowed === undefined) {
      found.push(`${file}: the folder ${folder} has no arrows`);
      continue;
    }
    for (const target of targets) {
      if (target === '../package.json') continue;
      if (target.startsWith('..')) found.push(`${file} imports ${target}, outside src`);
      else if (![folder, ...FOR_ALL, ...allowed].includes(folderOf(target))) found.push(`${file} imports ${target}`);
    }
  }
  return found;
}

/** One line for every import of a room that is not below, and for every room that nobody knows. */
function roomViolations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, targets] of importsOf(sources)) {
    const rooms = ROOMS[folderOf(file)];
    if (rooms === undefined || !file.includes('/')) continue;
    const floor = rooms.indexOf(roomOf(file));
    if (floor === -1) found.push(`${file}: the room ${roomOf(file)} has no floor`);
    for (const target of targets)
      if (folderOf(target) === folderOf(file) && rooms.indexOf(roomOf(target)) > floor) found.push(`${file} imports ${target}`);
  }
  return found;
}

/** `jobs/datasets/plan/order.ts` → `datasets/plan`. */
function roomOf(file: string): string {
  return file.split('/').slice(1, -1).join('/') || '.';
}

/** Cycles of a graph, each as `a → b → a`. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): void => {
    const at = path.indexOf(node);
    if (at !== -1) found.push([...path.slice(at), node].join(' → '));
    if (at !== -1 || done.has(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return found;
}

/** Which folder imports which. */
function folderGraph(sources: Sources): Map<string, string[]> {
  const graph = new Map<string, Set<string>>();
  for (const [file, targets] of importsOf(sources)) {
    const folder = folderOf(file);
    const others = targets.map(folderOf).filter((target) => target !== folder);
    graph.set(folder, new Set([...(graph.get(folder) ?? []), ...others]));
  }
  return new Map([...graph].map(([folder, targets]) => [folder, [...targets]]));
}

function readSources(): Sources {
  const src = join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(src, file), 'utf8')]));
}

test('the arrows themselves have no cycle', () => {
  expect(cycles(new Map(Object.entries(ARROWS)))).toEqual([]);
});

test('no import in src goes against the arrows', () => {
  const sources = readSources();
  expect(sources.size).toBeGreaterThan(50);
  expect(violations(sources)).toEqual([]);
});

test('folders are made by makeFolders alone: Node’s recursive mkdir does not end under /proc', () => {
  const found = [...readSources()].filter(([, source]) => /\bmkdir(?:Sync)?\([^;]*recursive/.test(source)).map(([file]) => file);
  expect(found).toEqual([]);
});

test('docs/design.md has a row for every folder of src, and the files of its journeys are there', () => {
  const sources = [...readSources().keys()];
  const folders = new Set(sources.filter((file) => file.includes('/')).map(folderOf));
  expect(Object.keys(ARROWS).toSorted()).toEqual([...folders].toSorted());
  const files = [...DESIGN.matchAll(/(?:[a-z0-9-]+\/)+[a-z0-9-]+\.ts/g)].map(([file]) => file.replace(/^src\//, ''));
  const lost = files.filter((file) => !file.startsWith('test/') && !sources.some((source) => `/${source}`.endsWith(`/${file}`)));
  expect(files.length).toBeGreaterThan(20);
  expect(lost).toEqual([]);
});

test('no import inside a folder goes to a room above', () => {
  expect(roomViolations(readSources())).toEqual([]);
  const planted = new Map([
    ['jobs/queue/a.ts', "import { b } from '../training/b.ts';"],
    ['jobs/training/b.ts', "import { c } from '../queue/c.ts';"],
    ['jobs/queue/c.ts', ''],
    ['jobs/attic/d.ts', ''],
  ]);
  expect(roomViolations(planted)).toEqual([
    'jobs/queue/a.ts imports jobs/training/b.ts',
    'jobs/attic/d.ts: the room attic has no floor',
  ]);
});

test('no cycle between files or folders of src', () => {
  const sources = readSources();
  expect(cycles(importsOf(sources))).toEqual([]);
  expect(cycles(folderGraph(sources))).toEqual([]);
});

test('the checker sees a planted import, however it is written', () => {
  const good = { 'jobs/a.ts': '', 'masks/b.ts': "import { x } from '../errors.ts';", 'errors.ts': '' };
  const check = (planted: Record<string, string>) => violations(new Map(Object.entries({ ...good, ...planted })));
  expect(check({})).toEqual([]);
  expect(check({ 'masks/bad.ts': "import { a } from '../jobs/a.ts';" })).toEqual(['masks/bad.ts imports jobs/a.ts']);
  expect(check({ 'masks/deep/bad.ts': 'import type {\n  A,\n} from "../../jobs/a.ts";' })).toEqual([
    'masks/deep/bad.ts imports jobs/a.ts',
  ]);
  expect(check({ 'masks/bad.ts': "export * from '../jobs/a.ts';" })).toEqual(['masks/bad.ts imports jobs/a.ts']);
  expect(check({ 'masks/bad.ts': "const a = await import('../jobs/a.ts');" })).toEqual(['masks/bad.ts imports jobs/a.ts']);
  expect(check({ 'masks/bad.ts': "import '../jobs/a.ts';" })).toEqual(['masks/bad.ts imports jobs/a.ts']);
  expect(check({ 'masks/fine.ts': "/** import { a } from '../jobs/a.ts'; */\n// import '../jobs/a.ts'" })).toEqual([]);
  expect(check({ 'errors.ts': "import { a } from './jobs/a.ts';" })).toEqual(['errors.ts imports jobs/a.ts']);
  expect(check({ 'novel/a.ts': '' })).toEqual(['novel/a.ts: the folder novel has no arrows']);
  expect(check({ 'jobs/bad.ts': "import x from '../../test/x.ts';" })).toEqual(['jobs/bad.ts imports ../test/x.ts, outside src']);
  expect(check({ 'main.ts': "import './jobs/a.ts'; import './masks/b.ts';" })).toEqual([]);
});

test('the checker sees a planted cycle', () => {
  const files = new Map([
    ['jobs/a.ts', "import { b } from './b.ts';"],
    ['jobs/b.ts', "import type { c } from './c.ts';"],
    ['jobs/c.ts', "import { a } from './a.ts';"],
  ]);
  expect(cycles(importsOf(files))).toEqual(['jobs/a.ts → jobs/b.ts → jobs/c.ts → jobs/a.ts']);
  const folders = new Map([
    ['jobs/a.ts', "import '../store/a.ts';"],
    ['store/a.ts', ''],
    ['store/b.ts', "import '../jobs/b.ts';"],
    ['jobs/b.ts', ''],
  ]);
  expect(cycles(importsOf(folders))).toEqual([]);
  expect(cycles(folderGraph(folders))).toEqual(['jobs → store → jobs']);
});
