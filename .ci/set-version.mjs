import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Run by npm version, which has changed package.json: writes the version into all other files that carry it. A unit test compares them. */
const root = fileURLToPath(new URL('../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const today = new Date().toISOString().slice(0, 10);

change('CITATION.cff', /^version: .*$/m, `version: ${version}`);
change('CITATION.cff', /^date-released: .*$/m, `date-released: ${today}`);
change('CHANGELOG.md', /^## Unreleased$/m, `## Unreleased\n\n## ${version} (${today})`);
for (const path of globSync('docker/kubernetes/*', { cwd: root }))
  change(path, /(?<=\/label-studio-datasetgan:)\d+\.\d+\.\d+/g, version);

function change(path, pattern, replacement) {
  const file = join(root, path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(pattern, replacement));
}
