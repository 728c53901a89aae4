import { escapeHtml } from '../../../escape-text.ts';
import { type Histogram, sharedBins } from '../../../synthesis/histogram.ts';
import { roundTicks } from './ticks.ts';

export interface HistogramPicture {
  /** Said to those who cannot see it. */
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
/** Half of a value's text goes beyond the right end of the axis. */
const MARGIN = { right: 28, top: 12, bottom: 38 };
const FONT_SIZE = 11;
/** Greatest width of a digit, in pixels. */
const DIGIT = 0.65 * FONT_SIZE;
/** An axis has at least one tick for so many pixels, and at most 2.5 times as many. */
const TICK_PIXELS = 170;
const LEAST_COUNTS = 2;

/** A histogram of all candidates (grey) with that of the delivered pairs (blue) before it, in the same bins, as SVG, with round values at both axes. */
export function histogramSvg({ title, axis, before, after, show, width, height }: HistogramPicture): string {
  const bins = sharedBins(before, after, BARS);
  const most = Math.max(...bins.before.counts, ...bins.after.counts, 1);
  const counts = roundTicks(most, LEAST_COUNTS, 1).map((count) => ({ count, text: count.toLocaleString('en') }));
  const left = 12 + DIGIT * Math.max(...counts.map(({ text }) => text.length));
  const [plot, floor] = [width - left - MARGIN.right, height - MARGIN.bottom];
  const tall = floor - MARGIN.top;
  const bar = plot / bins.before.counts.length;
  const range = bins.before.width * bins.before.counts.length;
  const above = (count: number) => floor - (tall * count) / most;
  const bars = (heights: readonly number[], colour: string) =>
    heights
      .map((count, index) =>
        count === 0
          ? ''
          : `<rect x="${fixed(left + index * bar)}" y="${fixed(above(count))}" width="${fixed(Math.max(bar - 1, 0.5))}" height="${fixed(floor - above(count))}" fill="${colour}"/>`,
      )
      .join('');
  const text = (x: number, y: number, content: string, anchor: string) =>
    `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
  const lines = counts.map(
    ({ count }) => `<path d="M${fixed(left)} ${fixed(above(count))}H${fixed(left + plot)}" stroke="#e2e2e2"/>`,
  );
  const marks = roundTicks(range, Math.max(2, Math.round(width / TICK_PIXELS))).map((value) => {
    const x = left + (value / range) * plot;
    return `<path d="M${fixed(x)} ${floor}v4" stroke="#303030"/>${text(x, floor + 16, show(value), 'middle')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}" fill="#303030">
<title>${escapeHtml(title)}</title>
${lines.join('')}${bars(bins.before.counts, '#c4c4c4')}${bars(bins.after.counts, '#2f6fb2')}
<path d="M${fixed(left)} ${floor}H${fixed(left + plot)}" stroke="#303030"/>
${counts.map(({ count, text: shown }) => text(left - 6, above(count) + 4, shown, 'end')).join('')}
${marks.join('')}${text(left + plot / 2, height - 5, axis, 'middle')}
</svg>`;
}

const fixed = (pixels: number) => pixels.toFixed(1);
