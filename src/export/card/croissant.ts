import type { ExportDataset } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import { embeddableJson } from '../json-text.ts';
import type { SplitCounts } from '../split.ts';
import { licenceKey } from './licence-key.ts';

/** The JSON-LD context that the Croissant 1.0 specification gives. */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
} as const;

/**
 * `croissant.json`: the dataset in the words of Croissant 1.0 (MLCommons), which search engines and data loaders read. Checksums are in
 * SHA256SUMS. No date and no address are in it: the same dataset gives the same bytes.
 */
export function croissant(format: ExportFormat, dataset: ExportDataset, counts: SplitCounts): string {
  const { id, title, origin, labels, keypoints } = dataset;
  const key = licenceKey(origin.licence);
  const masks = hasMasks(dataset);
  const points = keypoints !== undefined && format.notes.keypoints !== undefined;
  const pairs = `pairs of ${['image', ...(masks ? ['mask'] : []), ...(points ? ['keypoints'] : [])].join(' and ')}`;
  const words = [
    origin.summary,
    `${counts.train + counts.val} ${pairs}.`,
    `Format: ${format.title}.`,
    ...(masks ? [`Labels: ${labels.join(', ')}.`] : []),
    ...(points ? [`Keypoints: ${keypoints.names.join(', ')}.`] : []),
  ];
  const document = {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: title,
    identifier: id,
    description: words.join(' '),
    license: key === undefined ? origin.licence : `https://spdx.org/licenses/${key}.html`,
    isLiveDataset: false,
    distribution: format.kinds.map(({ name, files, type }) => ({
      '@type': 'cr:FileSet',
      '@id': name,
      name,
      encodingFormat: type,
      includes: files,
    })),
  };
  return `${embeddableJson(document, 1)}\n`;
}
