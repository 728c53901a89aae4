import { escapeHtml } from '../../../escape-text.ts';
import type { PlaceCounts } from '../../../synthesis/place-counts.ts';

export interface PositionPicture {
  /** Said to those who cannot see it. */
  readonly title: string;
  readonly places: PlaceCounts;
  /** Of the drawing, in pixels; its height follows the picture's. */
  readonly width: number;
}

/** Shades of blue, the faintest first. */
const SHADES = 8;
const FAINTEST = 0.15;

/** Where something lies in the pictures, as SVG: the picture's frame, and each cell of its grid the darker, the more pictures have it there. */
export function positionSvg({ title, places, width }: PositionPicture): string {
  const { occupied, cell } = places;
  const most = Math.max(1, ...occupied.map(({ count }) => count));
  const height = (width * places.height) / places.width;
  // By the square root: a single picture is seen beside a thousand.
  const shades = Map.groupBy(occupied, ({ count }) => Math.ceil(SHADES * Math.sqrt(count / most)));
  const paths = [...shades].map(([shade, cells]) => {
    const opacity = FAINTEST + ((1 - FAINTEST) * (shade - 1)) / (SHADES - 1);
    const squares = cells.map(({ x, y }) => `M${fixed(x)} ${fixed(y)}h${fixed(cell)}v${fixed(cell)}h-${fixed(cell)}z`);
    return `<path d="${squares.join('')}" fill="#2f6fb2" fill-opacity="${opacity.toFixed(2)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${places.width} ${places.height}" width="${width}" height="${Math.round(height)}" role="img">
<title>${escapeHtml(title)}</title>
<rect width="${places.width}" height="${places.height}" fill="none" stroke="#808080" stroke-width="2" vector-effect="non-scaling-stroke"/>
${paths.join('')}
</svg>`;
}

const fixed = (pixels: number) => String(Number(pixels.toFixed(2)));
