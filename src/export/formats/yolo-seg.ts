import { engineTask } from '../../engine/task.ts';
import { connectedComponents } from '../../masks/components.ts';
import { boundaryRings } from '../../masks/polygons/boundary-rings.ts';
import { innerContour } from '../../masks/polygons/inner-contour.ts';
import { joinedPolygon } from '../../masks/polygons/joined-polygon.ts';
import { keyholePolygon } from '../../masks/polygons/keyhole-polygon.ts';
import { simplifyRing } from '../../masks/polygons/simplify-ring.ts';
import type { ExportFormat } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import { mapAhead } from '../map-ahead.ts';
import { utf8 } from '../targets/export-target.ts';
import { type MaskInput, maskObjects } from './mask-objects.ts';
import { isObject } from './mask-pieces.ts';

/** Corners closer than this to the line that replaces them are dropped, in pixels: those of diagonal steps, and none whose loss would cost a pixel. */
const TOLERANCE = 0.2;

/**
 * One row for each object of each label: its class (label − 1), then the corners of its polygon as shares of width and height. Holes are cut out by
 * a cut of no width, pieces that are apart are joined by a bridge of no width.
 */
export async function yoloRows(input: MaskInput): Promise<string> {
  const { map, ids, components } = await maskObjects(input);
  const { width, height } = map;
  const pieces = connectedComponents({ width, height, data: ids });
  const rings = boundaryRings(pieces, width, height);
  const ringsOf = Map.groupBy(rings.keys(), (piece) => pieces.components[piece]!.label);
  // A twentieth of a pixel.
  const digits = Math.ceil(Math.log10(20 * Math.max(width, height)));
  const share = (value: number, side: number) => (value / side).toFixed(digits);
  const rows: string[] = [];
  for (const [id, object] of components.entries()) {
    if (!isObject(object)) continue;
    const polygons = ringsOf.get(id)!.map((piece) => {
      return keyholePolygon(rings[piece]!.map((ring) => simplifyRing(innerContour(ring), TOLERANCE)));
    });
    const polygon = joinedPolygon(polygons);
    rows.push([object.label - 1, ...polygon.map(([x, y]) => `${share(x, width)} ${share(y, height)}`)].join(' '));
  }
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}
const yoloRowsTask = engineTask(import.meta.url, yoloRows);

/** `images/SPLIT/`, `labels/SPLIT/` and `data.yaml`. */
export const yoloSeg: ExportFormat = {
  title: 'YOLO segmentation',
  kinds: [
    { name: 'pictures', files: 'images/*/*', type: 'image/png' },
    { name: 'polygons', files: 'labels/*/*.txt', type: 'text/plain' },
  ],
  notes: {
    layout: `- \`data.yaml\`: \`yolo segment train data=data.yaml\`. Classes count from 0 and leave the background out.
- \`images/train/\`, \`images/val/\`: the pictures.
- \`labels/train/\`, \`labels/val/\`: a text file for each picture, with one polygon for each object.
  An object is a connected piece of a label. Where people annotated (see Origin), it is a region that they drew. Polygons enclose exactly the pixels of the mask.`,
    ignored: 'They have no polygon, so a trainer reads them as background. Choose another format if that matters.',
  },
  needs: 'masks',
  async write({ dataset, pairs, target, run }) {
    let validation = 0;
    for await (const [pair, rows] of mapAhead(pairs, ({ mask, objects }) => run(yoloRowsTask, { mask, objects }))) {
      await target.write(`images/${pair.split}/${pair.name}.${pair.extension}`, pair.image);
      await target.write(`labels/${pair.split}/${pair.name}.txt`, utf8(rows));
      if (pair.split === 'val') validation++;
    }
    const names = dataset.labels.slice(1).map((label, i) => `  ${i}: ${jsonText(label)}`);
    // A trainer refuses a folder without pictures.
    const val = validation > 0 ? 'images/val' : 'images/train';
    const yaml = [`path: .`, `train: images/train`, `val: ${val}`, `names:`, ...names];
    await target.write('data.yaml', utf8(`${yaml.join('\n')}\n`));
  },
};
