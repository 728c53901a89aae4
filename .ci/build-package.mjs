import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compiles src into dist, for the npm package: Node does not strip types inside node_modules. `npm run build` makes it; git ignores it.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

for (const project of ['package', 'page']) {
  const { status } = spawnSync('tsc', ['-p', join(root, `.ci/tsconfig.${project}.json`)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// What a browser takes as it is.
for (const path of globSync('dashboard/**/*.{css,svg}', { cwd: join(root, 'src') })) {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(root, 'src', path), join(dist, path));
}

// The compiler rewrites imports only; worker threads are named by URL.
const OWN_URL = /(new URL\('\.\/[\w-]+)\.ts(', import\.meta\.url\))/g;
const LEFT = /['"`]\.{1,2}\/[^'"`\n]+\.ts['"`]/;
for (const path of globSync('**/*.js', { cwd: dist })) {
  const file = join(dist, path);
  const compiled = readFileSync(file, 'utf8');
  const code = compiled.replace(OWN_URL, '$1.js$2');
  if (LEFT.test(code)) {
    console.error(`dist/${path} still names a TypeScript file: ${LEFT.exec(code)[0]}`);
    process.exit(1);
  }
  if (code !== compiled) writeFileSync(file, code);
}
