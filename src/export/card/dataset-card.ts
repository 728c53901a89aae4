import { escapeMarkdown } from '../../escape-text.ts';
import type { ExportDataset, ExportKeypoints } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import { jsonText } from '../json-text.ts';
import { hexColour } from '../palette.ts';
import { SPLITS, type SplitCounts } from '../split.ts';
import { licenceKey } from './licence-key.ts';

/** Hugging Face's name of a split. */
const HUB_SPLIT = { train: 'train', val: 'validation' } as const;

/**
 * `README.md`: a dataset card with YAML front matter, as Hugging Face reads it (Hub documentation, "Dataset Cards"): licence, origin, labels,
 * quality, what the files are, and how to check them.
 */
export function datasetCard(format: ExportFormat, dataset: ExportDataset, counts: SplitCounts): string {
  const { title, origin } = dataset;
  const total = counts.train + counts.val;
  const quality = origin.quality();
  const rows = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`).join('\n');
  const sections = [
    frontMatter(format, dataset, counts),
    `# ${escapeMarkdown(title)}\n\n${escapeMarkdown(origin.summary)}`,
    origin.note === '' ? undefined : `> ${escapeMarkdown(origin.note)}`,
    `## Licence\n\n${licenceText(dataset)}`,
    `## Files: ${format.title}\n\n${format.notes.layout}${hasMasks(dataset) ? '' : '\n- There are no masks in this dataset.'}\n- \`SHA256SUMS\`: \`sha256sum --check SHA256SUMS\`.\n- \`croissant.json\`: Croissant metadata.${
      dataset.report === undefined
        ? ''
        : '\n- `report.html`: histograms of uncertainty and areas, before and after rules and filter.'
    }`,
    `${total} pairs: ${counts.train} for training, ${counts.val} for validation. A hash of each pair decides its split. So the split is the same in every format and stays when the dataset grows.`,
    hasMasks(dataset) ? labelsText(format, dataset) : undefined,
    dataset.keypoints === undefined ? undefined : keypointsText(format, dataset.keypoints),
    quality.length === 0 ? undefined : `## Quality\n\n| | |\n|---|---|\n${rows(quality)}`,
    origin.facts.length === 0 ? undefined : `## Origin\n\n| | |\n|---|---|\n${rows(origin.facts)}`,
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function labelsText({ notes }: ExportFormat, { labels, colours }: ExportDataset): string {
  const rows = labels.map((label, value) => `| ${value} | ${escapeMarkdown(label)} | \`${hexColour(colours[value]!)}\` |`);
  const ignored = notes.ignored === undefined ? '' : `\n\nPixels to ignore: ${notes.ignored}`;
  return `## Labels\n\n| value | label | colour |\n|---|---|---|\n${rows.join('\n')}${ignored}`;
}

function keypointsText({ notes }: ExportFormat, { names, skeleton }: ExportKeypoints): string {
  const rows = names.map((name, index) => {
    const joined = skeleton.flatMap(([from, to]) => (from === index ? [names[to]!] : to === index ? [names[from]!] : []));
    return `| ${index} | ${escapeMarkdown(name)} | ${joined.map(escapeMarkdown).join(', ')} |`;
  });
  const held = notes.keypoints ?? 'This format has no place for keypoints: they are left out. Other formats have them.';
  return `## Keypoints\n\n| index | keypoint | joined with |\n|---|---|---|\n${rows.join('\n')}\n\n${held}`;
}

function frontMatter(format: ExportFormat, dataset: ExportDataset, counts: SplitCounts): string {
  const { title, origin, id, keypoints } = dataset;
  const { dataFiles } = format;
  const tasks = [
    ...(hasMasks(dataset) ? ['image-segmentation'] : []),
    ...(keypoints === undefined || format.notes.keypoints === undefined ? [] : ['keypoint-detection']),
  ];
  const splits = SPLITS.filter((split) => counts[split] > 0);
  const key = licenceKey(origin.licence);
  const lines = [
    `pretty_name: ${jsonText(title)}`,
    ...(key === undefined
      ? ['license: other', `license_name: ${jsonText(`licence-of-${id}`)}`, 'license_link: README.md']
      : [`license: ${key}`]),
    `task_categories:\n${tasks.map((task) => `- ${task}`).join('\n')}`,
    `tags:\n${(origin.synthetic ? ['synthetic', 'datasetgan', 'label-studio'] : ['label-studio']).map((tag) => `- ${tag}`).join('\n')}`,
    `size_categories:\n- ${sizeCategory(counts.train + counts.val)}`,
    ...(dataFiles === undefined || splits.length === 0
      ? []
      : [
          `configs:\n- config_name: default\n  data_files:\n${splits
            .map((split) => `  - split: ${HUB_SPLIT[split]}\n    path: ${jsonText(dataFiles(split))}`)
            .join('\n')}`,
        ]),
  ];
  return `---\n${lines.join('\n')}\n---`;
}

function licenceText({ origin }: ExportDataset): string {
  const use = {
    true: 'Commercial use is allowed.',
    false: 'Commercial use is not allowed.',
    null: 'Whether commercial use is allowed is not known.',
  };
  const inherited = origin.synthetic
    ? 'A generator made the pictures. They are under the licence of its weights'
    : 'As stated by the creator of this export';
  return `${inherited}: **${escapeMarkdown(origin.licence)}**\n\n${use[`${origin.commercialUse}`]}`;
}

/** The Hub's size classes. */
function sizeCategory(count: number): string {
  const bounds = [
    [1e3, 'n<1K'],
    [1e4, '1K<n<10K'],
    [1e5, '10K<n<100K'],
    [1e6, '100K<n<1M'],
    [1e7, '1M<n<10M'],
    [1e8, '10M<n<100M'],
  ] as const;
  return bounds.find(([bound]) => count < bound)?.[1] ?? '100M<n<1B';
}
