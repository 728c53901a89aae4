import { escapeHtml } from '../../../escape-text.ts';
import type { Colour } from '../../../export/palette.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { BeforeAfter, DatasetFigures } from './dataset-figures.ts';
import type { Gallery } from './gallery.ts';
import type { HeldOut } from './held-out.ts';
import { histogramSvg } from './histogram-svg.ts';
import { percent } from './rules-in-words.ts';

export interface ReportContent {
  readonly title: string;
  /** `name → value` lines of the table at the top. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly figures: Pick<DatasetFigures, 'js' | 'areas' | 'ignored' | 'nearest'> & {
    readonly version: Pick<VersionRecord, 'labels'> & { readonly settings: Pick<VersionRecord['settings'], 'members'> };
  };
  /** By label. */
  readonly colours: readonly Colour[];
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

const NATS =
  'Uncertainty is the Jensen-Shannon divergence of the classifiers, in nats. The uncertainty of a picture is its mean over the most uncertain tenth of pixels.';

/** The report of a dataset as one HTML file that needs nothing else: no scripts, no addresses, its pictures in itself. */
export function reportHtml({ title, facts, figures, colours, heldOut, galleries }: ReportContent): string {
  const { js, areas, ignored, nearest, version } = figures;
  const rows = facts.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${lines(value)}</td></tr>`);
  const greatest = number(js.before.most);
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<table>${rows.join('')}</table>`,
    '<h2>Quality of the labels</h2>',
    heldOutTable(heldOut),
    ...(galleries.length === 0
      ? []
      : ['<h2>Pictures</h2>', PICTURES, legend(version.labels, colours), ...galleries.map(gallery)]),
    '<h2>Before and after</h2>',
    '<p class="key"><span><i style="background:#c4c4c4"></i>all candidates</span><span><i style="background:#2f6fb2"></i>delivered pairs</span></p>',
    `<p>${NATS} 0 means that all agree. ${greatest} is the maximum for ${version.settings.members} classifiers here.</p>`,
    wide('Uncertainty', 'Jensen-Shannon divergence, nats', js, number),
    ...(nearest === null
      ? []
      : [wide('Distance to the nearest annotated picture', '1 is the distance of two random pictures', nearest, number)]),
    ...(ignored === null ? [] : [wide('Ignored pixels', 'share of the picture', ignored, percent)]),
    '<h2>Areas of the classes</h2>',
    `<div class="grid">${areas.map((pair, label) => narrow(version.labels[label]!, pair)).join('')}</div>`,
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

const narrow = (label: string, pair: BeforeAfter) =>
  figure(
    label,
    histogramSvg({ title: label, axis: 'share of the picture', ...pair, show: percent, width: 320, height: 170 }),
    'style="width:320px"',
  );

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

const PICTURES = '<p>Click a pair to enlarge it. Click again to close it.</p>';

function gallery({ title, pairs }: Gallery): string {
  const shown = pairs.map(({ image, mask, caption }) => {
    const name = escapeHtml(caption);
    const pictures = `<img alt="Picture, ${name}" src="${dataUri('webp', image)}"><img alt="Mask, ${name}" src="${dataUri('png', mask)}">`;
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
