import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PUBLISHED_BACKBONES } from '../src/photos/published-backbones.ts';

/** Downloads the packages of published backbones into the folder that is the argument, those that are not there yet. */
const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const { url, sha256 } of Object.values(PUBLISHED_BACKBONES)) {
  const file = join(folder, basename(url));
  if (existsSync(file)) continue;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${url} is another file than it was`);
  writeFileSync(file, bytes);
}
