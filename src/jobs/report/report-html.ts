import { escapeHtml } from '../../escape-text.ts';
import type { Colour } from '../../export/palette.ts';
import type { BeforeAfter, DatasetFigures } from './dataset-figures.ts';
import { histogramSvg } from './histogram-svg.ts';
import { percent } from './rules-in-words.ts';

export interface ReportContent {
  readonly title: string;
  /** `name → value` lines of the table at the top. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly figures: DatasetFigures;
  /** By label. */
  readonly colours: readonly Colour[];
  /** PNG of some pairs; undefined where none is delivered. */
  readonly preview: Uint8Array | undefined;
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;color:#202020;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.8em}table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.2em 1.2em .2em 0}
th{font-weight:500;color:#606060}img{max-width:100%}.grid{display:flex;flex-wrap:wrap;gap:12px}i{display:inline-block;width:.8em;height:.8em;margin-right:.35em;border:1px solid #808080}
.key span{margin-right:1.2em}`;

/** The report of a dataset as one HTML file that needs nothing else: no scripts, no addresses, its pictures in itself. */
export function reportHtml({ title, facts, figures, colours, preview }: ReportContent): string {
  const { js, areas, ignored, nearest, version } = figures;
  const rows = facts.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${lines(value)}</td></tr>`);
  const share = (label: string, pair: BeforeAfter) =>
    histogramSvg({ title: label, axis: 'share of the picture', ...pair, show: percent, width: 320, height: 170 });
  const wide = (heading: string, axis: string, pair: BeforeAfter, show: (value: number) => string) =>
    histogramSvg({ title: heading, axis, ...pair, show, width: 720, height: 240 });
  const number = (value: number) => String(Number(value.toPrecision(3)));
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<table>${rows.join('')}</table>`,
    ...(preview === undefined
      ? []
      : [
          '<h2>The first pairs</h2>',
          `<img alt="Pictures and masks side by side" src="data:image/png;base64,${Buffer.from(preview).toString('base64')}">`,
          legend(version.labels, colours),
        ]),
    '<h2>Before and after</h2>',
    '<p class="key"><span><i style="background:#c4c4c4"></i>all candidates that were tried</span><span><i style="background:#2f6fb2"></i>delivered pairs</span></p>',
    wide('Uncertainty', 'JS divergence of the ensemble, nats: mean of the most uncertain tenth of the pixels', js, number),
    ...(nearest === null
      ? []
      : [wide('Distance to the nearest annotated picture', '1: as far as two random pictures are', nearest, number)]),
    ...(ignored === null ? [] : [wide('Ignored pixels', 'share of the picture', ignored, percent)]),
    '<h2>Areas of the classes</h2>',
    `<div class="grid">${areas.map((pair, label) => share(version.labels[label]!, pair)).join('')}</div>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
${sections.join('\n')}
</body></html>
`;
}

/** Labels in their colours. */
function legend(labels: readonly string[], colours: readonly Colour[]): string {
  const entries = labels.map(
    (label, index) =>
      `<span style="white-space:nowrap"><i style="background:rgb(${colours[index]!.join(',')})"></i>${escapeHtml(label)}</span>`,
  );
  return `<p class="key">${entries.join(' ')}</p>`;
}

const lines = (text: string) => escapeHtml(text).replaceAll('\n', '<br>');
