import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Longest line of prose, in characters. */
const MAX_LINE = 160;
/** Longest sentence, in words; a piece of inline code, a formula in it or not, is one word. */
const MAX_WORDS = 25;

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

interface Prose {
  /** Numbered lines outside fenced code. */
  readonly lines: readonly { readonly number: number; readonly text: string }[];
  /** Sentences outside code, tables, headings and HTML. */
  readonly sentences: readonly string[];
}

function proseOf(markdown: string): Prose {
  let inCode = false;
  const lines: { number: number; text: string }[] = [];
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\s*```/.test(text)) {
      inCode = !inCode;
      lines.push({ number: index + 1, text: '' });
    } else if (!inCode) lines.push({ number: index + 1, text });
  }
  const blocks: string[] = [''];
  for (const { text } of lines) {
    if (text.trim() === '' || isTable(text) || /^\s*(#|<|!\[)/.test(text)) blocks.push('');
    else if (/^\s*([-*]|\d+\.) /.test(text)) blocks.push(text.replace(/^\s*([-*]|\d+\.) /, ''));
    else blocks.push(`${blocks.pop()} ${text.trim()}`);
  }
  return { lines, sentences: blocks.flatMap(sentencesOf) };
}

function isTable(line: string): boolean {
  return /^\s*\|/.test(line);
}

/** The sentences of a paragraph: inline code is one word, a link its text, and emphasis nothing. */
function sentencesOf(paragraph: string): string[] {
  return paragraph
    .replace(/`[^`]*`/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*/g, '')
    .split(/(?<=[.!?][)"]?)\s+(?=["(]?\S)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function longLines(prose: Prose): string[] {
  return prose.lines
    .filter(({ text }) => text.length > MAX_LINE && !isTable(text))
    .map(({ number, text }) => `line ${number}: ${text.length} characters`);
}

function longSentences(prose: Prose): string[] {
  return prose.sentences
    .filter((sentence) => wordsOf(sentence) > MAX_WORDS)
    .map((sentence) => `${wordsOf(sentence)} words: ${sentence}`);
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

  test('links only to what exists', () => {
    expect(brokenLinks(document, markdown)).toEqual([]);
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
});
