import { escapeHtml } from '../../../escape-text.ts';
import { hasMasks } from '../../../export/has-masks.ts';
import type { Colour } from '../../../export/palette.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import { percent } from '../record/rules-in-words.ts';
import type { BeforeAfter } from './before-after.ts';
import type { DatasetFigures } from './dataset-figures.ts';
import type { Gallery } from './gallery.ts';
import type { HeldOut } from './held-out.ts';
import { histogramSvg } from './histogram-svg.ts';
import type { KeypointFigure } from './keypoint-figures.ts';
import { positionSvg } from './position-svg.ts';

export interface ReportContent {
  readonly title: string;
  /** `name → value` lines of the table at the top. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly figures: Pick<DatasetFigures, 'js' | 'areas' | 'ignored' | 'nearest' | 'keypoints'> & {
    readonly version: { readonly settings: Pick<VersionRecord['settings'], 'members'> };
  };
  /** Of the masks; the background alone where there are none. */
  readonly labels: readonly string[];
  /** By label. */
  readonly colours: readonly Colour[];
  /** By keypoint. */
  readonly points: readonly Colour[];
  readonly heldOut: HeldOut;
  readonly galleries: readonly Gallery[];
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;color:#202020;max-width:1080px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.8em}table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.2em 1.2em .2em 0}
th{font-weight:500;color:#606060}td.number{text-align:right}.grid{display:flex;flex-wrap:wrap;gap:16px}i{display:inline-block;width:.8em;height:.8em;margin-right:.35em;border:1px solid #808080}
.key span{margin-right:1.2em;white-space:nowrap}figure{margin:0 0 .6em}figcaption{font-weight:600;overflow-wrap:anywhere}svg{max-width:100%;height:auto}
.pair{position:relative;width:248px;font-size:13px}.pair input{position:absolute;opacity:0}.pair span{display:flex;gap:4px;cursor:zoom-in}.pair img{width:122px}
.pair img+img{image-rendering:pixelated}.pair input:focus-visible+span{outline:2px solid #2f6fb2}
.pair input:checked+span{position:fixed;inset:0;z-index:1;background:#000d;align-items:center;justify-content:center;gap:12px;cursor:zoom-out}
.pair input:checked+span img{width:48vw;height:96vh;object-fit:contain}`;

const OF_MASKS =
  'Uncertainty is the Jensen-Shannon divergence of the classifiers, in nats. The uncertainty of a picture is its mean over the most uncertain tenth of pixels.';
const OF_KEYPOINTS = 'The uncertainty of keypoints is ln 2 times (1 - certainty), in nats. Certainty is their mean score.';

function uncertainty(masks: boolean, keypoints: boolean): string {
  if (!keypoints) return OF_MASKS;
  return masks ? `${OF_MASKS} ${OF_KEYPOINTS} A picture has the mean of both.` : OF_KEYPOINTS;
}

/** The report of a dataset as one HTML file that needs nothing else: no scripts, no addresses, its pictures in itself. */
export function reportHtml({ title, facts, figures, labels, colours, points, heldOut, galleries }: ReportContent): string {
  const { js, areas, ignored, nearest, keypoints, version } = figures;
  const masks = hasMasks({ labels });
  const names = keypoints.map(({ name }) => name);
  const rows = facts.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${lines(value)}</td></tr>`);
  const greatest = number(js.before.most);
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<table>${rows.join('')}</table>`,
    '<h2>Quality of the labels</h2>',
    ...(masks ? [heldOutTable(heldOut)] : []),
    ...(names.length === 0 ? [] : [heldOutKeypoints(heldOut)]),
    ...(galleries.length === 0
      ? []
      : [
          '<h2>Pictures</h2>',
          PICTURES,
          ...(masks ? [legend(labels, colours)] : []),
          ...(names.length === 0 ? [] : [legend(names, points)]),
          ...galleries.map(gallery),
        ]),
    '<h2>Before and after</h2>',
    '<p class="key"><span><i style="background:#c4c4c4"></i>all candidates</span><span><i style="background:#2f6fb2"></i>delivered pairs</span></p>',
    `<p>${uncertainty(masks, names.length > 0)} 0 means that all agree. ${greatest} is the maximum for ${version.settings.members} classifiers here.</p>`,
    wide('Uncertainty', masks && names.length === 0 ? 'Jensen-Shannon divergence, nats' : 'nats', js, number),
    ...(nearest === null
      ? []
      : [wide('Distance to the nearest annotated picture', '1 is the distance of two random pictures', nearest, number)]),
    ...(ignored === null ? [] : [wide('Ignored pixels', 'share of the picture', ignored, percent)]),
    ...(masks
      ? [
          '<h2>Areas of the classes</h2>',
          `<div class="grid">${areas.map((pair, label) => narrow(labels[label]!, 'share of the picture', pair, percent)).join('')}</div>`,
        ]
      : []),
    ...(names.length === 0 ? [] : ['<h2>Keypoints</h2>', keypointTable(keypoints, js), ...keypoints.map(keypointPlots)]),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
${sections.join('\n')}
</body></html>
`;
}

const number = (value: number) => String(Number(value.toPrecision(3)));

const wide = (title: string, axis: string, pair: BeforeAfter, show: (value: number) => string) =>
  figure(title, histogramSvg({ title, axis, ...pair, show, width: 720, height: 240 }));

const narrow = (title: string, axis: string, pair: BeforeAfter, show: (value: number) => string) =>
  figure(title, histogramSvg({ title, axis, ...pair, show, width: 320, height: 170 }), 'style="width:320px"');

const figure = (title: string, svg: string, attributes = '') =>
  `<figure ${attributes}><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;

/** Held-out IoU by label, and the mean over those that are measured. */
function heldOutTable({ missing, iou, mIoU }: HeldOut): string {
  const words =
    'IoU with the annotations, on annotated pictures that the training left out in turn (0 to 1, higher is better). Labels marked n/a are annotated in only one picture.';
  if (missing !== null) return `<p>${words} ${missing}</p>`;
  const shown = (value: number | null) => (value === null ? 'n/a' : value.toFixed(2));
  const rows = iou.map(([label, value]) => `<tr><th>${escapeHtml(label)}</th><td class="number">${shown(value)}</td></tr>`);
  const measured = iou.filter(([, value]) => value !== null).length;
  const mean =
    mIoU === null ? [] : [`<tr><th>mean of the ${measured} measured</th><td class="number"><b>${mIoU.toFixed(2)}</b></td></tr>`];
  return `<p>${words}</p><table>${[...mean, ...rows].join('')}</table>`;
}

/** How well keypoints were found in annotated pictures that were left out. */
function heldOutKeypoints({ keypoints }: HeldOut): string {
  const words =
    'Keypoints found within 5 % of the longer side (PCK), and their median error, on annotated pictures that the training left out in turn.';
  if (keypoints.every(([, found]) => found === null))
    return `<p>${words} Not measured: this needs a keypoint that is annotated in at least two pictures.</p>`;
  const rows = keypoints.map(([name, found, error]) => [
    name,
    found === null ? 'n/a' : percent(found),
    error === null ? 'n/a' : `${error.toFixed(1)} px`,
  ]);
  return `<p>${words}</p>${numbers(['keypoint', 'found', 'median error'], rows)}`;
}

/** What the delivered pairs show of each keypoint. */
function keypointTable(keypoints: readonly KeypointFigure[], { after: { values: pairs } }: BeforeAfter): string {
  const mean = ({ after }: BeforeAfter, show: (value: number) => string) => (after.values === 0 ? 'n/a' : show(after.mean));
  const rows = keypoints.map(({ name, score, spread }) => [
    name,
    pairs === 0 ? 'n/a' : percent(score.after.values / pairs),
    mean(score, (value) => value.toFixed(2)),
    mean(spread, (value) => `${value.toFixed(1)} px`),
  ]);
  const words =
    'Of the delivered pairs. The score of a keypoint is the height of its peak, less the more the classifiers disagree. Spread is the distance of their own peaks from the mean peak, in pixels of the labels.';
  return `<p>${words}</p>${numbers(['keypoint', 'pictures that show it', 'mean score', 'mean spread'], rows)}`;
}

const keypointPlots = ({ name, score, spread, places }: KeypointFigure) =>
  `<h3>${escapeHtml(name)}</h3><div class="grid">${[
    figure('Position', positionSvg({ title: `Position of ${name}`, places, width: 200 }), 'style="width:200px"'),
    narrow('Score', 'score', score, number),
    narrow('Spread', 'pixels', spread, number),
  ].join('')}</div>`;

/** Rows of a name and numbers, below a row of headings. */
function numbers(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map(
    ([name = '', ...values]) =>
      `<tr><th>${escapeHtml(name)}</th>${values.map((value) => `<td class="number">${value}</td>`).join('')}</tr>`,
  );
  return `<table><tr>${headings.map((heading) => `<th>${heading}</th>`).join('')}</tr>${cells.join('')}</table>`;
}

const PICTURES = '<p>Click a pair to enlarge it. Click again to close it.</p>';

function gallery({ title, pairs }: Gallery): string {
  const shown = pairs.map(({ image, mask, caption }) => {
    const name = escapeHtml(caption);
    const masked = mask === undefined ? '' : `<img alt="Mask, ${name}" src="${dataUri('png', mask)}">`;
    const pictures = `<img alt="Picture, ${name}" src="${dataUri('webp', image)}">${masked}`;
    return `<label class="pair"><input type="checkbox" aria-label="Show large: ${name}"><span>${pictures}</span>${name}</label>`;
  });
  return `<h3>${escapeHtml(title)}</h3><div class="grid">${shown.join('')}</div>`;
}

const dataUri = (type: string, bytes: Uint8Array) =>
  `data:image/${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;

/** Labels in their colours. */
function legend(labels: readonly string[], colours: readonly Colour[]): string {
  const entries = labels.map(
    (label, index) => `<span><i style="background:rgb(${colours[index]!.join(',')})"></i>${escapeHtml(label)}</span>`,
  );
  return `<p class="key">${entries.join(' ')}</p>`;
}

const lines = (text: string) => escapeHtml(text).replaceAll('\n', '<br>');
