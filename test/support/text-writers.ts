import { lettering } from '../../src/cli/demo/write-contact-sheet.ts';
import { escapeXml } from '../../src/escape-text.ts';
import { labelColours } from '../../src/export/palette.ts';
import { histogramSvg } from '../../src/jobs/datasets/report/histogram-svg.ts';
import { positionSvg } from '../../src/jobs/datasets/report/position-svg.ts';
import { reportHtml } from '../../src/jobs/datasets/report/report-html.ts';
import { withNotice } from '../../src/label-studio/instructions/notice.ts';
import { configForControl } from '../../src/label-studio/label-config/config-for-control.ts';
import { orderStatusHtml } from '../../src/label-studio/orders-form/order-status.ts';
import { ordersLabelConfig } from '../../src/label-studio/orders-form/orders-form.ts';
import { Histogram } from '../../src/synthesis/histogram.ts';
import { PlaceCounts } from '../../src/synthesis/place-counts.ts';

/** Writes markup with these texts in every place for texts of others. */
type Write = (title: string, labels: readonly string[]) => string;

const histograms = () => ({ before: new Histogram(1), after: new Histogram(1) });

/** A report with every section that there is. */
export function reportWith(title: string, labels: readonly string[]): string {
  const pair = histograms();
  const picture = new Uint8Array(4);
  return reportHtml({
    title,
    facts: [[title, title]],
    figures: {
      js: pair,
      ignored: pair,
      nearest: pair,
      areas: labels.map(() => pair),
      version: { settings: { members: 10 } },
      keypoints: labels.map((name) => ({ name, score: pair, spread: pair, places: new PlaceCounts({ width: 9, height: 9 }) })),
    },
    labels,
    points: labelColours(labels.map(() => undefined)),
    colours: labelColours(labels.map(() => undefined)),
    heldOut: {
      missing: null,
      iou: labels.map((label) => [label, 0.5] as const),
      mIoU: 0.5,
      keypoints: labels.map((name) => [name, 1, 1] as const),
    },
    galleries: [{ title, pairs: [{ image: picture, mask: picture, caption: title }] }],
  });
}

const cell = { width: 256, height: 256 };

/** Every file of src that writes HTML or XML around texts of others, except the formats of `export`, which are tried all together. */
export const TEXT_WRITERS: Readonly<Record<string, readonly ['html' | 'xml', Write]>> = {
  'jobs/datasets/report/report-html.ts': ['html', reportWith],
  'jobs/datasets/report/position-svg.ts': [
    'html',
    (title) => positionSvg({ title, places: new PlaceCounts({ width: 9, height: 9 }), width: 200 }),
  ],
  'jobs/datasets/report/histogram-svg.ts': [
    'html',
    (title) => histogramSvg({ title, axis: title, ...histograms(), show: () => title, width: 320, height: 162 }),
  ],
  'label-studio/orders-form/order-status.ts': [
    'html',
    (title, labels) =>
      orderStatusHtml({
        state: 'completed',
        title,
        asked: 1,
        projectId: 1,
        report: `/r?${title}`,
        preview: `/p?${title}`,
        colours: labels.map((label) => [label, label] as const),
        files: { formats: [title], place: title, links: { zip: `/f?${title}`, tar: `/g?${title}` }, unsure: title },
        lines: [title, ...labels],
      }),
  ],
  'label-studio/orders-form/orders-form.ts': ['xml', (title) => ordersLabelConfig([{ name: title, title }])],
  'label-studio/instructions/notice.ts': [
    'html',
    (title, labels) =>
      withNotice(
        { text: '', shown: false },
        [{ what: title, fix: title }, ...labels.slice(0, 4).map((what) => ({ what }))],
        false,
      )!.text,
  ],
  'label-studio/label-config/config-for-control.ts': [
    'xml',
    (title, labels) =>
      configForControl(
        `<View><Image name="i" value="$i" title="${escapeXml(title)}"/><BrushLabels name="b" toName="i">${labels
          .map((label) => `<Label value="${escapeXml(label)}"/>`)
          .join('')}</BrushLabels></View>`,
        'polygonlabels',
      ),
  ],
  'cli/demo/write-contact-sheet.ts': [
    'xml',
    (title, labels) => lettering({ width: 1200, height: 400 }, cell, [], { title, labels }),
  ],
};
