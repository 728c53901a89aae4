import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version } = packageJson;

/** The first group of each match in a file. */
function found(path: string, pattern: RegExp): string[] {
  return [...readFileSync(`${ROOT}${path}`, 'utf8').matchAll(pattern)].map((match) => match[1]!);
}

test('every file that carries the version has that of package.json', () => {
  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  expect(found('CITATION.cff', /^version: (.*)$/gm)).toEqual([version]);
  const images = globSync('docker/kubernetes/*', { cwd: ROOT }).flatMap((path) =>
    found(path, /\/label-studio-datasetgan:(\d+\.\d+\.\d+)/g),
  );
  expect(images.length).toBeGreaterThanOrEqual(3);
  expect(new Set(images)).toEqual(new Set([version]));
});

test('the changelog has what is not released yet first, then this version, released on the day of the citation', () => {
  const [unreleased, newest] = found('CHANGELOG.md', /^## (.*)$/gm);
  const [date] = found('CITATION.cff', /^date-released: (\d{4}-\d{2}-\d{2})$/gm);
  expect(unreleased).toBe('Unreleased');
  expect(newest).toBe(`${version} (${date})`);
});

test('the package can be published', () => {
  expect(packageJson).not.toHaveProperty('private');
});
