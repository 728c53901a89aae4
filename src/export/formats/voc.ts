import sharp from 'sharp';
import { engineTask } from '../../engine/task.ts';
import { escapeXml } from '../../escape-text.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { toPalettePng } from '../../masks/png/palette-png.ts';
import { encodeIndexPng } from '../../masks/png/png.ts';
import type { ExportDataset, ExportPair } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { mapAhead } from '../map-ahead.ts';
import { paletteOf } from '../palette.ts';
import { utf8 } from '../targets/export-target.ts';
import { type MaskInput, maskObjects } from './mask-objects.ts';
import { type Box, boxes, isObject } from './mask-pieces.ts';
import { vocName } from './voc-name.ts';

/** Where torchvision and others look for VOC 2012. */
const ROOT = 'VOCdevkit/VOC2012';
const QUALITY = 95;
/** Numbers of objects in an 8-bit mask: 1 … 254. */
const MOST_OBJECTS = 254;

interface VocObject {
  readonly label: number;
  readonly box: Box;
}

interface VocPieces {
  /** Index PNG of the objects' numbers. */
  readonly objectMask: Uint8Array;
  /** The object of number 1 first. */
  readonly objects: readonly VocObject[];
}

/** The objects of a mask, the largest 254 where there are more; pixels of the others are void in the object mask. */
export async function vocPieces(input: MaskInput): Promise<VocPieces> {
  const { map, ids, components } = await maskObjects(input);
  const around = boxes(ids, components.length, map);
  const objects = [...components.keys()].filter((id) => isObject(components[id]!));
  const largest = new Set(
    objects.toSorted((a, b) => components[b]!.pixels - components[a]!.pixels || a - b).slice(0, MOST_OBJECTS),
  );
  const kept = objects.filter((id) => largest.has(id));
  const numbers = new Uint8Array(components.length);
  for (const [id, piece] of components.entries()) if (piece.label !== 0) numbers[id] = UNKNOWN;
  for (const [i, id] of kept.entries()) numbers[id] = i + 1;
  const data = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) data[i] = numbers[ids[i]!]!;
  return {
    objectMask: await encodeIndexPng({ ...map, data }),
    objects: kept.map((id) => ({ label: components[id]!.label, box: around[id]! })),
  };
}
const vocPiecesTask = engineTask(import.meta.url, vocPieces);

/** The folders of Pascal VOC 2012. */
export const voc: ExportFormat = {
  title: 'Pascal VOC',
  kinds: [
    { name: 'pictures', files: 'VOCdevkit/VOC2012/JPEGImages/*.jpg', type: 'image/jpeg' },
    { name: 'masks', files: 'VOCdevkit/VOC2012/SegmentationClass/*.png', type: 'image/png' },
    { name: 'objects', files: 'VOCdevkit/VOC2012/SegmentationObject/*.png', type: 'image/png' },
    { name: 'boxes', files: 'VOCdevkit/VOC2012/Annotations/*.xml', type: 'application/xml' },
  ],
  notes: {
    layout: `- \`${ROOT}/JPEGImages/\`: the pictures as JPEG of quality ${QUALITY}, because VOC readers look for \`.jpg\`. The other formats are lossless.
- \`${ROOT}/SegmentationClass/\`: palette PNGs; the palette index is the number of the label.
- \`${ROOT}/SegmentationObject/\`: palette PNGs; each object has its own number.
  An object is a connected piece of a label. Where people annotated (see Origin), it is a region that they drew.
- \`${ROOT}/Annotations/\`: an XML file for each picture, with the box of each object.
- \`${ROOT}/ImageSets/Segmentation/\` and \`Main/\`: \`train.txt\`, \`val.txt\`, \`trainval.txt\`.
- \`labelmap.txt\`: labels and colours, as CVAT and Datumaro read them. A colon, a line break, and \`#\` or white space at
  the start are percent-encoded as in addresses (\`%3A\`), there and in the XML. Python's \`urllib.parse.unquote\` restores the label.`,
    ignored: "They have the palette index 255, VOC's void.",
  },
  needs: 'masks',
  async write({ dataset, pairs, target, run }) {
    const palette = paletteOf(dataset.colours);
    const objectPalette = paletteOf([]);
    const list = (set: string) => target.open(`${ROOT}/ImageSets/Segmentation/${set}.txt`);
    const mainList = (set: string) => target.open(`${ROOT}/ImageSets/Main/${set}.txt`);
    const lists = {
      train: [await list('train'), await mainList('train')],
      val: [await list('val'), await mainList('val')],
      trainval: [await list('trainval'), await mainList('trainval')],
    };
    const made = mapAhead(pairs, async (pair) => {
      const [jpeg, pieces] = await Promise.all([toJpeg(pair), run(vocPiecesTask, { mask: pair.mask, objects: pair.objects })]);
      return { jpeg, ...pieces };
    });
    for await (const [pair, { jpeg, objectMask, objects }] of made) {
      const { name, split, mask } = pair;
      await target.write(`${ROOT}/JPEGImages/${name}.jpg`, jpeg);
      await target.write(`${ROOT}/SegmentationClass/${name}.png`, toPalettePng(mask, palette));
      await target.write(`${ROOT}/SegmentationObject/${name}.png`, toPalettePng(objectMask, objectPalette));
      await target.write(`${ROOT}/Annotations/${name}.xml`, utf8(annotationXml(dataset, pair, objects)));
      for (const file of [...lists[split], ...lists.trainval]) await file.append(`${name}\n`);
    }
    for (const file of Object.values(lists).flat()) await file.close();
    const rows = dataset.labels.map((label, i) => `${vocName(label)}:${dataset.colours[i]!.join(',')}::`);
    await target.write('labelmap.txt', utf8(`# label:color_rgb:parts:actions\n${rows.join('\n')}\n`));
  },
};

async function toJpeg({ image, extension }: ExportPair): Promise<Uint8Array> {
  if (extension === 'jpg') return image;
  return new Uint8Array(await sharp(image).flatten().jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' }).toBuffer());
}

/** Boxes count from 1 and include their last pixel. */
function annotationXml(
  { title, labels }: ExportDataset,
  { name, width, height }: ExportPair,
  objects: readonly VocObject[],
): string {
  const rows = objects.map(({ label, box: [x, y, w, h] }) => {
    const truncated = x === 0 || y === 0 || x + w === width || y + h === height ? 1 : 0;
    return ` <object>
  <name>${escapeXml(vocName(labels[label]!))}</name>
  <pose>Unspecified</pose>
  <truncated>${truncated}</truncated>
  <difficult>0</difficult>
  <bndbox><xmin>${x + 1}</xmin><ymin>${y + 1}</ymin><xmax>${x + w}</xmax><ymax>${y + h}</ymax></bndbox>
 </object>
`;
  });
  return `<annotation>
 <folder>VOC2012</folder>
 <filename>${name}.jpg</filename>
 <source><database>${escapeXml(title)}</database><annotation>${escapeXml(title)}</annotation><image>${escapeXml(title)}</image></source>
 <size><width>${width}</width><height>${height}</height><depth>3</depth></size>
 <segmented>1</segmented>
${rows.join('')}</annotation>
`;
}
