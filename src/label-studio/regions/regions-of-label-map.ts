import { connectedComponents } from '../../masks/components.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import { encodeBitmaskUrl } from '../../masks/png/bitmask-png.ts';
import { bevelRing } from '../../masks/polygons/bevel-ring.ts';
import { outerRing } from '../../masks/polygons/outer-ring.ts';
import type { Ring } from '../../masks/polygons/polygon-raster.ts';
import { simplifyRing } from '../../masks/polygons/simplify-ring.ts';
import { resizeLabelMap } from '../../masks/resize-label-map.ts';
import { encodeBrushRles } from '../../masks/rle/brush-rle.ts';
import type { LabelConfig, MaskControl } from '../label-config/label-config.ts';
import { type PredictedRegion, type RegionOptions, regionId } from './region.ts';

/** Corners closer than this to the line that replaces them are dropped, in pixels: a staircase of pixel edges becomes its slope. */
const POLYGON_TOLERANCE = 0.7;
/** For small pieces the tolerance is this share of the side of a square of their area, so that they keep their shape. */
const SMALL_TOLERANCE = 0.05;
/** Pieces of fewer pixels than this share of (longer side / 512)² are not drawn as polygons, but never fewer than SPECK_LEAST. */
const SPECK_PIXELS = 30;
const SPECK_LEAST = 4;

/**
 * The regions of a prediction, each label as its control draws it: one brush mask or bitmask for each label that occurs, or polygons.
 *
 * Where unlabelled means background, the background gets no region. Where it means unknown (sparse), it does: an annotator who submits the prediction
 * says that all of it is right, background included, and without its region the picture would teach every part but that one.
 *
 * A label of PolygonLabels gets one polygon per connected piece, the widest first, so that what is inside another piece comes later and wins. Some is
 * lost then: edges are up to 0.7 px off, specks are dropped, and background that is enclosed by parts is filled in. Masks come after polygons, so
 * that these cover none of them.
 */
export function regionsOfLabelMap(config: LabelConfig, map: LabelMap, options: RegionOptions): PredictedRegion[] {
  const { width = map.width, height = map.height, version } = options;
  const full = resizeLabelMap(map, width, height);
  const drawnAs = (type: MaskControl) => (label: number) =>
    label !== UNKNOWN && (label > 0 || config.sparse) && config.controls[label]?.type === type;
  const common = (label: number) => ({
    from_name: config.controls[label]!.name,
    to_name: config.imageName,
    type: config.controls[label]!.type,
    origin: 'prediction' as const,
    original_width: width,
    original_height: height,
    image_rotation: 0 as const,
  });
  const has = (type: MaskControl) => config.controls.some((control) => control.type === type);

  const polygons = has('polygonlabels') ? polygonsOf(full, drawnAs('polygonlabels')) : [];
  const bitmasks = has('bitmasklabels') ? [...new Set(full.data)].filter(drawnAs('bitmasklabels')).sort((a, b) => a - b) : [];
  const brushes = has('brushlabels') ? [...encodeBrushRles(full)].filter(([label]) => drawnAs('brushlabels')(label)) : [];
  return [
    ...polygons.map(({ label, ring }, piece) => ({
      id: regionId(version, label, piece),
      ...common(label),
      value: {
        points: ring.map(([x, y]) => [percent(x, width), percent(y, height)] as const),
        closed: true as const,
        polygonlabels: [config.labels[label]!] as const,
      },
    })),
    ...bitmasks.map((label) => ({
      id: regionId(version, label),
      ...common(label),
      value: { imageDataURL: encodeBitmaskUrl(full, label), bitmasklabels: [config.labels[label]!] as const },
    })),
    ...brushes.map(([label, rle]) => ({
      id: regionId(version, label),
      ...common(label),
      value: { format: 'rle' as const, rle: Array.from(rle), brushlabels: [config.labels[label]!] as const },
    })),
  ];
}

function polygonsOf(map: LabelMap, shown: (label: number) => boolean): { label: number; ring: Ring }[] {
  const { width, height } = map;
  const speck = Math.max(SPECK_LEAST, SPECK_PIXELS * (Math.max(width, height) / 512) ** 2);
  const pieces = connectedComponents(map);
  return pieces.components
    .filter(({ label, pixels }) => shown(label) && pixels >= speck)
    .map((component) => {
      const ring = outerRing(pieces, component, width, height);
      const area = areaOf(ring);
      const tolerance = Math.min(POLYGON_TOLERANCE, SMALL_TOLERANCE * Math.sqrt(area));
      return { label: component.label, ring: simplifyRing(bevelRing(ring), tolerance), area };
    })
    .sort((a, b) => b.area - a.area);
}

/** Shoelace formula, in square pixels. */
function areaOf(ring: Ring): number {
  let twice = 0;
  let [x0, y0] = ring[ring.length - 1]!;
  for (const [x, y] of ring) {
    twice += x0 * y - x * y0;
    x0 = x;
    y0 = y;
  }
  return Math.abs(twice) / 2;
}

/** To three decimals: a hundredth of a pixel in a picture of 1,000. */
const percent = (pixels: number, of: number) => Math.round((pixels / of) * 100_000) / 1000;
