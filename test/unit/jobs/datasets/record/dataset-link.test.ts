import { expect, test } from 'vitest';
import { checkLinkKey, filesLink, linkKey, reportLink } from '../../../../../src/jobs/datasets/record/dataset-link.ts';

const server = { linkSecret: 'secret' };

test('a key opens its own dataset on its own server, and nothing else', () => {
  const key = linkKey(server, 'd1');
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(() => checkLinkKey(server, 'd1', key)).not.toThrow();
  const others: [string, string][] = [
    ['d2', key],
    ['d1', linkKey(server, 'd2')],
    ['d1', linkKey({ linkSecret: 'other' }, 'd1')],
    ['d1', ''],
    ['d1', key.slice(1)],
    ['d1', `${key}=`],
    ['d1', 'ä'.repeat(43)],
  ];
  for (const [id, sent] of others) expect(() => checkLinkKey(server, id, sent)).toThrow('This link is not valid.');
});

test('links carry the key, in a query that the log leaves out', () => {
  const key = linkKey(server, 'd1');
  expect(filesLink(server, 'https://here/ml', { id: 'd1' }, ['coco', 'voc'], 'zip')).toBe(
    `https://here/ml/api/datasets/d1/export?format=coco,voc&archive=zip&key=${key}`,
  );
  expect(reportLink(server, 'https://here', { id: 'd1' })).toBe(`https://here/api/datasets/d1/report?key=${key}`);
});
