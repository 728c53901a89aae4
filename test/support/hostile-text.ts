import { escapeXml } from '../../src/escape-text.ts';
import type { ExportDataset } from '../../src/export/export-dataset.ts';
import { labelColours } from '../../src/export/palette.ts';
import { PARTS } from '../../src/stylegan/portraits/parts.ts';
import { pointedDataset, portraitDataset, portraitPoints } from './export-pairs.ts';

/** Each means something to HTML, Markdown, XML, YAML, JSON, a line of a text file, or VOC's label map. */
export const HOSTILE_LABELS = [
  'A:B #1',
  '# comment',
  'two\nlines\r\nand\ta tab',
  '\u00a0 spaces around \u3000',
  '<img src=x onerror="alert(1)">',
  '</script><script>alert(1)</script>',
  '| a | b | `c` | **d** | _e_ | ~~f~~ | [g](javascript:h) | ![i](j) | $k$',
  '"double" \'single\' \\ back\\n - {a: b}, [c] & *anchor !tag %dir @at',
  '50%3A 100% ]]> &lt; &amp; &#60; <!-- é 目 😀 --> --- ...',
  'null',
  '\u2028line\u2029paragraph\u0085next\u007fdelete\ufeffmark',
] as const;

/** All of them in one. */
export const HOSTILE_TITLE = `# ${HOSTILE_LABELS.join(' ')} http://a.example www.b.example`;

/** Labels as many as a portrait's parts, keypoints of the same names, and a title: hostile ones, and plain ones that are as long. */
export const hostileDataset = (count: number, change: Partial<ExportDataset> = {}): ExportDataset =>
  datasetOf(count, [PARTS[0], ...HOSTILE_LABELS], HOSTILE_TITLE, change);

export const plainDataset = (count: number, change: Partial<ExportDataset> = {}): ExportDataset =>
  datasetOf(count, PARTS, 'A plain title', change);

function datasetOf(count: number, labels: readonly string[], text: string, change: Partial<ExportDataset>): ExportDataset {
  const plain = pointedDataset(count);
  const names = labels.slice(1);
  return {
    ...plain,
    title: text,
    labels,
    colours: labelColours(labels.map(() => undefined)),
    keypoints: { names, skeleton: [[0, 1]] },
    async *pairs() {
      let seed = 0;
      for await (const pair of portraitDataset(count).pairs())
        yield { ...pair, keypoints: names.map((_, index) => portraitPoints(seed)[index] ?? null), key: String(seed++) };
    },
    origin: {
      ...plain.origin,
      summary: text,
      licence: text,
      note: text,
      facts: [[text, text]],
      quality: () => [[text, text]],
    },
    labelling: {
      ...plain.labelling,
      config: `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image">${labels
        .slice(1)
        .map((label) => `<Label value="${escapeXml(label)}"/>`)
        .join('')}</BrushLabels><KeyPointLabels name="points" toName="image" smart="false">${names
        .map((label) => `<Label value="${escapeXml(label)}"/>`)
        .join('')}</KeyPointLabels></View>`,
    },
    ...change,
  };
}
