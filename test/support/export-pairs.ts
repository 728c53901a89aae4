import type { ExportDataset, ExportPair } from '../../src/export/export-dataset.ts';
import type { RunTask } from '../../src/export/export-format.ts';
import { labelColours } from '../../src/export/palette.ts';
import { UNKNOWN } from '../../src/masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../src/masks/png/png.ts';
import { KEYPOINTS, PARTS } from '../../src/stylegan/portraits/parts.ts';
import { renderPortrait } from '../../src/stylegan/portraits/render.ts';

/** Rows and columns of the corner that is marked as to be ignored. */
const IGNORED = 20;

/**
 * A dataset whose masks are rendered portraits, which have parts within parts, parts in several pieces, and holes; a corner of every third one
 * is to be ignored. Its pictures show the masks.
 */
export function portraitDataset(count: number, change: Partial<ExportDataset> = {}): ExportDataset {
  const labels = PARTS;
  return {
    id: 'portraits',
    title: 'Portraits: a "test"',
    labels,
    colours: labelColours(labels.map(() => undefined)),
    origin: {
      summary: 'Rendered portraits.',
      licence: 'Apache-2.0',
      commercialUse: true,
      note: 'For tests only.',
      facts: [['First seed', '0']],
      quality: () => [['mIoU', '1.000']],
      synthetic: true,
    },
    factKinds: { seed: 'integer', class: 'integer', js: 'number', score: 'number' },
    count,
    validation: 0.3,
    labelling: {
      config: `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image">${labels
        .slice(1)
        .map((label) => `<Label value="${label}"/>`)
        .join('')}</BrushLabels></View>`,
      version: 'dg-0123456789ab',
    },
    async *provenance() {
      yield '{"pairs": ';
      yield `${count}}\n`;
    },
    async *pairs() {
      for (let seed = 0; seed < count; seed++) yield await portraitPair(seed);
    },
    ...change,
  };
}

/** The same pictures with their keypoints, of which ears are absent where the hair hides them, and every second nose is occluded. */
export function pointedDataset(count: number, change: Partial<ExportDataset> = {}): ExportDataset {
  const { labelling, ...plain } = portraitDataset(count);
  const visibility =
    '<Choices name="visibility" toName="image" perRegion="true"><Choice value="visible"/><Choice value="occluded"/></Choices>';
  const points = KEYPOINTS.map((name) => `<Label value="${name}"/>`).join('');
  return {
    ...plain,
    keypoints: {
      names: KEYPOINTS,
      skeleton: [
        [0, 2],
        [1, 2],
        [3, 5],
      ],
    },
    labelling: {
      ...labelling,
      config: labelling.config.replace(
        '</View>',
        `<KeyPointLabels name="points" toName="image">${points}</KeyPointLabels>${visibility}</View>`,
      ),
    },
    async *pairs() {
      for (let seed = 0; seed < count; seed++) yield { ...(await portraitPair(seed)), keypoints: portraitPoints(seed) };
    },
    ...change,
  };
}

/** Points without masks. */
export const maskless = (labels: readonly string[]): Partial<ExportDataset> => ({
  labels: labels.slice(0, 1),
  colours: labelColours([undefined]),
});

export function portraitPoints(seed: number): NonNullable<ExportPair['keypoints']> {
  return renderPortrait(seed).keypoints.map(({ name, x, y, visible }, index) => {
    if (!visible) return null;
    return { x, y, score: 1 - index / 100, ...(name === 'nose-tip' && seed % 2 === 1 ? { occluded: true as const } : {}) };
  });
}

const made = new Map<number, Promise<ExportPair>>();

export function portraitPair(seed: number): Promise<ExportPair> {
  const pair = made.get(seed) ?? makePair(seed);
  made.set(seed, pair);
  return pair;
}

async function makePair(seed: number): Promise<ExportPair> {
  const { mask } = renderPortrait(seed);
  const { width, height } = mask;
  const data = Uint8Array.from(mask.data);
  if (seed % 3 === 0) for (let y = 0; y < IGNORED; y++) data.fill(UNKNOWN, y * width, y * width + IGNORED);
  const rgb = new Uint8Array(3 * data.length);
  for (const [pixel, label] of data.entries()) rgb.set([label, (label * 20) % 256, seed], 3 * pixel);
  return {
    name: `seed-${seed}`,
    image: await encodeRgbPng(rgb, width, height),
    extension: 'png',
    width,
    height,
    mask: await encodeIndexPng({ width, height, data }),
    key: String(seed),
    facts: { seed, class: null, js: seed / 100, score: 1 - seed / 100 },
  };
}

/** Runs a task where it is asked for, as a worker thread would. */
export const runHere: RunTask = async (task, input) => {
  const module = (await import(task.url)) as Record<string, (input: unknown) => unknown>;
  return (await module[task.name]!(structuredClone(input))) as never;
};
