import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../../src/export/format-names.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { portraitPair, runHere } from '../../support/export-pairs.ts';
import { LABEL_READERS, READERS } from '../../support/export-readers.ts';
import { HOSTILE_LABELS, HOSTILE_TITLE, hostileDataset, plainDataset } from '../../support/hostile-text.ts';
import { KEYPOINT_READERS } from '../../support/keypoint-readers.ts';
import { reportWith, TEXT_WRITERS } from '../../support/text-writers.ts';

const COUNT = 2;
const ALL = new Set([HOSTILE_TITLE, ...HOSTILE_LABELS]);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-hostile-'));
  const provenance = async function* () {
    yield JSON.stringify({ title: HOSTILE_TITLE, labels: HOSTILE_LABELS });
  };
  const report = async () => reportWith(HOSTILE_TITLE, HOSTILE_LABELS);
  for (const name of FORMAT_NAMES) {
    const hostile = hostileDataset(COUNT, { provenance, report });
    await writeFormats([name], hostile, await folderTarget(join(root, name)), { run: runHere });
    await writeFormats([name], plainDataset(COUNT), await folderTarget(join(root, `plain-${name}`)), { run: runHere });
  }
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** All texts in a value. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Whatever is hostile in it is there unchanged: nothing was escaped twice, or by the rules of something else. */
function expectUnchanged(value: unknown): void {
  for (const text of texts(value))
    for (const sign of ['onerror', 'A:B'])
      if (text.includes(sign)) expect([...ALL].some((hostile) => text.includes(hostile))).toBe(true);
}

/** Lines as readers cut them that take every control character for a line break, as Python's splitlines takes many. */
const splitLines = (text: string) => text.split(/[\p{Cc}\u2028\u2029]/u).filter((line) => line !== '');

/** Names of the tags and attributes in order, without line breaks: what hostile text must not change. */
const structure = (html: string) =>
  [...html.replace(/<br>/g, '').matchAll(/<\/?([a-z!][\w-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, tag, attributes]) => `${tag} ${[...attributes!.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name).join()}`,
  );

/** How each kind of text file is read; a format that writes another needs a line here. */
const CHECKS: Readonly<Record<string, (content: string, plain: string | undefined) => void>> = {
  '.json': (content) => expectUnchanged(JSON.parse(content)),
  '.jsonl': (content) => {
    for (const line of splitLines(content)) expectUnchanged(JSON.parse(line));
  },
  '.yaml': (content) => {
    for (const line of splitLines(content))
      expect(line).toMatch(
        /^(?:path|train|val): [\w./]+$|^kpt_shape: \[\d+,3\]$|^(?:kpt_)?names:$|^ {2}0: object$|^ {2}\d+: (?:\[(?:,?"(?:[^"\\]|\\.)*")+\]|"(?:[^"\\]|\\.)*")$/,
      );
  },
  // Its reader finds the names, below.
  '.csv': (content) => expect(content.split('"').length % 2).toBe(1),
  '.txt': (content) => expect(content).not.toMatch(/(?!\n)[\p{Cc}\u2028\u2029]/u),
  '.xml': (content) => {
    expect(XMLValidator.validate(content)).toBe(true);
    expectUnchanged(new XMLParser({ trimValues: false, htmlEntities: true, ignoreAttributes: false }).parse(content));
    expect(content).not.toContain('<img');
  },
  '.html': (content) =>
    expect(structure(content)).toEqual(
      structure(
        reportWith(
          'plain',
          HOSTILE_LABELS.map(() => 'plain'),
        ),
      ),
    ),
  '.md': (content, plain) => {
    // Below the front matter, which is YAML.
    const body = (card: string) => card.slice(card.indexOf('\n---\n')).replace(/^- `report\.html`.*\n/m, '');
    expect(body(content)).not.toContain('<');
    // As many lines, headings and cells as with plain words.
    const shape = (line: string) => `${/^#* /.exec(line)?.[0] ?? ''}${line.split(/(?<!\\)\|/).length}`;
    expect(body(content).split('\n').map(shape)).toEqual(body(plain!).split('\n').map(shape));
  },
};
const BINARY = new Set(['.png', '.jpg', '.parquet']);

describe.each(FORMAT_NAMES)('%s', (format) => {
  test('every text file can be read, and has the hostile texts as they are', async () => {
    const folder = join(root, format);
    const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const { parentPath, name } of entries) {
      const file = join(parentPath, name);
      const bytes = await readFile(file);
      if (name.endsWith('.tar')) {
        for (const [member, content] of await membersOf(bytes)) check(member, content);
        continue;
      }
      check(name, bytes, await readFile(file.replace(folder, join(root, `plain-${format}`)), 'utf8').catch(() => undefined));
    }
  });

  const inMarkdown = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

  test.runIf(format in READERS)('its readers find every label and every pixel', async () => {
    const folder = join(root, format);
    const found = await LABEL_READERS[format]!(folder);
    expect(found.slice(-HOSTILE_LABELS.length).map(inMarkdown)).toEqual(HOSTILE_LABELS.map(inMarkdown));
    const usesCard = ['webdataset', 'imagefolder', 'parquet'].includes(format);
    if (!usesCard) expect(found.slice(-HOSTILE_LABELS.length)).toEqual(HOSTILE_LABELS);
    const pairs = await READERS[format]!(folder);
    expect(pairs.size).toBe(COUNT);
    for (let seed = 0; seed < COUNT; seed++) {
      const { name, mask } = await portraitPair(seed);
      const { data } = await decodeIndexPng(mask);
      const ignored = ['coco', 'yolo-seg', 'label-studio'].includes(format) ? 0 : 255;
      expect(
        Buffer.compare(
          pairs.get(name)!.map.data,
          data.map((label) => (label === 255 ? ignored : label)),
        ),
      ).toBe(0);
    }
  });

  test.runIf(format in KEYPOINT_READERS)('its readers find the name of every keypoint', async () => {
    expect((await KEYPOINT_READERS[format]!(join(root, format))).names).toEqual(HOSTILE_LABELS);
  });
});

/** A template with `$` in the place of each expression, whose types look like tags. */
const withoutCode = (template: string): string => {
  const less = template.replace(/\{[^{}]*\}/g, '');
  return less === template ? less : withoutCode(less);
};

/** Files with nothing of others in their markup, or with types alone that look like tags. */
const OURS_ALONE = [
  'cli/demo/portrait-parts.ts',
  'jobs/engine-tasks/draw-keypoints.ts',
  'label-studio/label-config/default-colour.ts',
  'server/page/page-document.ts',
  'settings.ts',
];

test('every file that writes markup is tried here', async () => {
  const src = join(import.meta.dirname, '../../../src');
  const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const found: string[] = [];
  for (const file of files) {
    const code = (await readFile(join(src, file), 'utf8')).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const templates = code.match(/`(?:[^`\\]|\\.)*`/g) ?? [];
    const isMarkup = (text: string) => /<\/?[a-z][^<>`]*>|<[a-z]+[ >$]/i.test(text) || /(?:^`|\n)(?:#+|>|\|) ?\$/.test(text);
    if (templates.some((text) => text.includes('${') && isMarkup(withoutCode(text)))) found.push(file);
  }
  // The page's templates are no texts: what they show are text nodes. Its own tests have hostile names.
  const others = (file: string) => !file.startsWith('export/') && !file.startsWith('dashboard/');
  const elsewhere = found.filter((file) => others(file) && !OURS_ALONE.includes(file));
  expect(elsewhere.sort()).toEqual(Object.keys(TEXT_WRITERS).sort());
});

test.each(Object.entries(TEXT_WRITERS))('%s shows hostile text as text', (_, [kind, write]) => {
  const hostile = write(HOSTILE_TITLE, HOSTILE_LABELS);
  const plain = write(
    'plain',
    HOSTILE_LABELS.map((_label, i) => `plain ${i}`),
  );
  expect(structure(hostile)).toEqual(structure(plain));
  if (kind === 'xml') expect(XMLValidator.validate(hostile)).toBe(true);
  const options = {
    preserveOrder: true,
    trimValues: false,
    htmlEntities: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
  };
  const shown = kind === 'xml' ? texts(new XMLParser(options).parse(hostile)) : [unescaped(hostile)];
  expect(shown.some((text) => text.includes(HOSTILE_TITLE))).toBe(true);
});

function unescaped(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html
    .replace(/<br>/g, '\n')
    .replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
      code === undefined ? named[name!]! : String.fromCharCode(Number(code)),
    );
}

function check(name: string, bytes: Uint8Array, plain?: string): void {
  if (name === 'SHA256SUMS' || BINARY.has(extname(name))) return;
  const look = CHECKS[extname(name)];
  if (look === undefined) throw new Error(`no rules for ${name}`);
  look(Buffer.from(bytes).toString('utf8'), plain);
}

async function membersOf(bytes: Uint8Array): Promise<[string, Uint8Array][]> {
  const tar = extract();
  tar.end(bytes);
  const members: [string, Uint8Array][] = [];
  for await (const entry of tar)
    members.push([entry.header.name, Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>))]);
  return members;
}
