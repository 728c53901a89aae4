import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { settingsTable } from '../../src/settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, 'docker', name), 'utf8');
const FILES = ['compose.yml', 'compose.scale.yml'] as const;
const SETTINGS = settingsTable().map(({ name }) => name);
/** Read by the S3 client itself. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** The lines of a block, by the line that begins it and the indentation of what follows. */
function block(text: string, head: RegExp): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => head.test(line));
  if (from === -1) return '';
  const indent = /^ */.exec(lines[from]!)![0].length;
  const length = lines.slice(from + 1).findIndex((line) => line.trim() !== '' && /^ */.exec(line)![0].length <= indent);
  return lines.slice(from, length === -1 ? undefined : from + 1 + length).join('\n');
}
const names = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();

test('the image copies files that are there and that its ignore file lets through', () => {
  const ignored = read('Dockerfile.dockerignore').split('\n');
  const copied = [...read('Dockerfile').matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  expect(copied).toContain('src');
  for (const path of copied) {
    expect(existsSync(join(ROOT, path)), path).toBe(true);
    expect(ignored).toContain(`!${path}`);
  }
});

test.each(FILES)('%s gives our containers settings that there are, and commands that there are', (file) => {
  const text = read(file);
  const ours = [block(text, /^ {2}datasetgan:$/), block(text, /^ {2}worker:$/)];
  const given = names(
    [block(text, /^x-storage:/), ...ours.map((own) => block(own, /^ {4}environment:/))].join('\n'),
    /^ +([A-Z][A-Z0-9_]+):/gm,
  );
  expect(given.length).toBeGreaterThan(4);
  expect(given.filter((name) => ![...SETTINGS, ...KEYS].includes(name))).toEqual([]);
  for (const [, program, command] of text.matchAll(/command: \["node", "(\S+)", "(\w+)"/g)) {
    expect(existsSync(join(ROOT, program!))).toBe(true);
    expect(existsSync(join(ROOT, 'src/cli', `${command}-command.ts`)), command).toBe(true);
  }
});

test('.env.example has all that the compose files ask for, and no more', () => {
  const asked = names(FILES.map(read).join('\n'), /(?<!\$)\$\{(\w+)/g);
  expect(names(read('.env.example'), /^([A-Z_]+)=/gm)).toEqual(asked);
});
