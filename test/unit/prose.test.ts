import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isTable, longSentences, MAX_LINE, MAX_WORDS, type Prose, proseOf } from '../support/prose.ts';
import { textsInCode } from '../support/texts-in-code.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What is checked, relative to the repository. */
const DOCUMENTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'model-assets/portraits-256/README.md',
  'examples/README.md',
  'test/support/README.md',
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function longLines(prose: Prose): string[] {
  return prose.lines
    .filter(({ text }) => text.length > MAX_LINE && !isTable(text))
    .map(({ number, text }) => `line ${number}: ${text.length} characters`);
}

/** GitHub's anchors of a document's headings. */
function anchorsOf(markdown: string): string[] {
  return proseOf(markdown)
    .lines.filter(({ text }) => /^#+ /.test(text))
    .map(({ text }) =>
      text
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-'),
    );
}

/** Links and images that lead to no file of the repository, or to no heading of it. */
function brokenLinks(document: string, markdown: string): string[] {
  const text = proseOf(markdown)
    .lines.map((line) => line.text.replace(/`[^`]*`/g, ''))
    .join('\n');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/g)].map((match) => match[1] ?? match[2]!);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path, anchor] = target.split('#') as [string, string | undefined];
    const file = path === '' ? resolve(ROOT, document) : resolve(ROOT, dirname(document), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
  });
}

describe.each(DOCUMENTS)('%s', (document) => {
  const markdown = readFileSync(resolve(ROOT, document), 'utf8');

  test(`has no line over ${MAX_LINE} characters`, () => {
    expect(longLines(proseOf(markdown))).toEqual([]);
  });

  test(`has no sentence over ${MAX_WORDS} words`, () => {
    expect(longSentences(proseOf(markdown))).toEqual([]);
  });

  test('has plain words', () => {
    expect(unclearSentences(proseOf(markdown))).toEqual([]);
  });

  test('links only to what exists', () => {
    expect(brokenLinks(document, markdown)).toEqual([]);
  });
});

/** Habits that readers stumble over, and what to write instead. Label Studio's "least certain" and the like are fine. */
const UNCLEAR: readonly (readonly [RegExp, string])[] = [
  [/(?<!\b[Tt]here |\b[Ii]f )\bis no (?!longer\b)/, 'is not a'],
  [/(?<!\b[Tt]here )\bare no (?!longer\b)/, 'are not'],
  [/\bshall\b/, 'must, or the present tense'],
  [/\banew\b/, 'again'],
  [/\blies?\b/, 'is'],
  [/\bmends?\b/, 'fix'],
  [/\bgreatest\b/, 'largest, maximum'],
  [/\bany more\b/, 'no longer'],
  [/\bthis very\b/, 'this'],
  [/\b(is|are|was|were) (said|told)\b/, 'who says it, as subject'],
  [/\b[Ll]ook (whether|into)\b|\b[Ss]ee whether\b/, 'check'],
  [/\bpassed over\b/, 'ignored, skipped'],
  [/\bbroke off\b/, 'ended too early, failed'],
  [/\bwent wrong\b/, 'what failed'],
  [/\bwhen left out\b/, 'Default:'],
];

/** Sentences with an unclear habit, with what to write instead. */
function unclearSentences({ sentences }: Prose): string[] {
  return sentences.flatMap((sentence) =>
    UNCLEAR.filter(([habit]) => habit.test(sentence)).map(
      ([habit, better]) => `${habit.exec(sentence)![0]} (${better}): ${sentence}`,
    ),
  );
}

/** Long and unclear sentences among the texts of a source file. HTML ends a sentence. */
function faultsInTexts(source: string): string[] {
  return textsInCode(source).flatMap(({ line, text }) => {
    const prose = proseOf(text.replace(/<[^<>]*>/g, '\n\n'));
    return [...longSentences(prose), ...unclearSentences(prose)].map((fault) => `line ${line}: ${fault}`);
  });
}

/** Lines that are only a comment and too long. */
function longComments(source: string): string[] {
  return source.split('\n').filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line) && line.length > MAX_LINE);
}

describe('texts in the code', () => {
  const files = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  test.each(files.toSorted())('src/%s: short sentences, plain words', (file) => {
    const source = readFileSync(`${ROOT}src/${file}`, 'utf8');
    expect(faultsInTexts(source)).toEqual([]);
    expect(longComments(source)).toEqual([]);
  });
});

describe('the check itself', () => {
  const long = 'word '.repeat(MAX_WORDS);

  test('sees a long sentence over lines and in lists, and not in tables, code or headings', () => {
    expect(longSentences(proseOf(`Short.\nOne ${long.trim()}.\nShort.`))).toHaveLength(1);
    expect(longSentences(proseOf(`- ${long}\n  more.\n- ${long}`))).toHaveLength(1);
    expect(longSentences(proseOf(`# ${long}more\n| ${long}more |\n\`\`\`\n${long}more\n\`\`\`\n`))).toEqual([]);
    expect(longSentences(proseOf(`\`${long}\` is one word.`))).toEqual([]);
  });

  test('sees a long line, and not in tables or code', () => {
    const line = 'x'.repeat(MAX_LINE + 1);
    expect(longLines(proseOf(`a\n${line}\n`))).toEqual([`line 2: ${MAX_LINE + 1} characters`]);
    expect(longLines(proseOf(`| ${line} |\n\`\`\`\n${line}\n\`\`\`\n`))).toEqual([]);
  });

  test('sees a missing file, image or heading', () => {
    const text =
      '[a](docs/api.md) [b](docs/none.md) ![c](none.png) [d](#there) [e](#not-there) [f](https://example.org)\n## There';
    expect(brokenLinks('README.md', text)).toEqual(['docs/none.md', 'none.png', '#there', '#not-there']);
  });

  test('sees long and unclear sentences in messages, and not in SQL, imports or comments', () => {
    const words = 'word '.repeat(MAX_WORDS);
    expect(faultsInTexts(`// ${words}more\nfail('Fine.', \`A \${count} ${words}.\`);`)).toEqual([
      expect.stringMatching(/^line 2: 27 words/),
    ]);
    expect(faultsInTexts(`fail('Short. ' + '${words}' + 'more.')`)).toHaveLength(1);
    expect(faultsInTexts(`fail('${words}<br>two.')`)).toEqual([]);
    expect(faultsInTexts(`sql\`select ${words} more\``)).toEqual([]);
    expect(faultsInTexts("fail('The thing is no class.', 'There is no class.', 'It is no longer there.')")).toEqual([
      'line 1: is no  (is not a): The thing is no class.',
    ]);
  });

  test('sees a long comment, and not a long line of code', () => {
    const long = 'x'.repeat(MAX_LINE);
    expect(longComments(`  // ${long}\n * ${long}\nconst a = '${long}';\n// Short.`)).toHaveLength(2);
  });
});
