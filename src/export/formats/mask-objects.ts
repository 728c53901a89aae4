import { type Component, type Components, connectedComponents } from '../../masks/components.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { decodeObjectMap } from '../../masks/object-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';
import type { ExportPair } from '../export-dataset.ts';

export type MaskInput = Pick<ExportPair, 'mask' | 'objects'>;

/** What formats for objects are made from. An object may be in several pieces. */
export interface MaskObjects extends Components {
  readonly map: LabelMap;
}

/** The objects of a mask: those that it comes with, else its connected pieces (4-connected). Numbered by their first pixels, row by row. */
export async function maskObjects({ mask, objects }: MaskInput): Promise<MaskObjects> {
  const map = await decodeIndexPng(mask);
  return { map, ...(objects === undefined ? connectedComponents(map) : grouped(map, decodeObjectMap(objects, map.data.length))) };
}

/** Pixels of one number and label as one component, wherever they are. */
function grouped({ data }: LabelMap, objects: Uint32Array): Components {
  const components: (Component & { pixels: number })[] = [];
  const idOf = new Map<number, number>();
  const ids = new Uint32Array(objects.length);
  for (let pixel = 0; pixel < objects.length; ) {
    const start = pixel;
    const [object, label] = [objects[start]!, data[start]!];
    while (pixel < objects.length && objects[pixel] === object && data[pixel] === label) pixel++;
    const key = object * 256 + label;
    let id = idOf.get(key);
    if (id === undefined) {
      id = components.push({ label, pixels: 0, first: start }) - 1;
      idOf.set(key, id);
    }
    components[id]!.pixels += pixel - start;
    ids.fill(id, start, pixel);
  }
  return { ids, components };
}
