import { escapeHtml } from '../../escape-text.ts';
import { type Histogram, sharedBins } from '../../synthesis/histogram.ts';

export interface HistogramPicture {
  readonly title: string;
  /** What the values are, with their unit. */
  readonly axis: string;
  readonly before: Histogram;
  readonly after: Histogram;
  /** A value as it stands at the axis. */
  readonly show: (value: number) => string;
  readonly width: number;
  readonly height: number;
}

const BARS = 40;
const MARGIN = { left: 46, right: 12, top: 26, bottom: 36 };

/**
 * A histogram of all candidates (grey) with that of the delivered pairs (blue) before it, in the same bins, as SVG. It stands on its own and in HTML.
 */
export function histogramSvg({ title, axis, before, after, show, width, height }: HistogramPicture): string {
  const bins = sharedBins(before, after, BARS);
  const most = Math.max(...bins.before.counts, ...bins.after.counts, 1);
  const [plot, floor] = [width - MARGIN.left - MARGIN.right, height - MARGIN.bottom];
  const tall = floor - MARGIN.top;
  const bar = plot / bins.before.counts.length;
  const bars = (counts: readonly number[], colour: string) =>
    counts
      .map((count, index) => {
        const high = (tall * count) / most;
        const x = MARGIN.left + index * bar;
        return count === 0
          ? ''
          : `<rect x="${x.toFixed(1)}" y="${(floor - high).toFixed(1)}" width="${Math.max(bar - 1, 0.5).toFixed(1)}" height="${high.toFixed(1)}" fill="${colour}"/>`;
      })
      .join('');
  const range = bins.before.width * bins.before.counts.length;
  const text = (x: number, y: number, content: string, anchor: string, more = '') =>
    `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}"${more}>${escapeHtml(content)}</text>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((place) =>
    text(MARGIN.left + place * plot, floor + 14, show(place * range), 'middle'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="11" fill="#303030">
<title>${escapeHtml(title)}</title>
${text(MARGIN.left, 16, title, 'start', ' font-size="13" font-weight="600"')}
${bars(bins.before.counts, '#c4c4c4')}${bars(bins.after.counts, '#2f6fb2')}
<path d="M${MARGIN.left} ${floor}H${MARGIN.left + plot}" stroke="#303030"/>
${text(MARGIN.left - 6, MARGIN.top + 8, String(most), 'end')}${text(MARGIN.left - 6, floor, '0', 'end')}
${ticks.join('')}${text(MARGIN.left + plot / 2, height - 6, axis, 'middle')}
</svg>`;
}
