#!/usr/bin/env node
// Plain JavaScript on purpose: an old Node must be able to read this file, to find a newer one or to say what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
// A package carries compiled JavaScript: Node does not strip types inside node_modules.
const main = [at('../src/main.ts'), at('../dist/main.js')].find(existsSync);
const bundled = at('../node_modules/.bin/node');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import(main);
} else if (existsSync(bundled)) {
  const { status, signal } = spawnSync(bundled, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(signal === null ? status : 1);
} else {
  console.error(
    `datasetgan needs Node 22.18 or newer; this is ${process.versions.node}. Install a newer Node, or run npm ci here, which brings one on Linux x64.`,
  );
  process.exit(1);
}
