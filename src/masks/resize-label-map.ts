import type { LabelMap } from './label-map.ts';

/** The label map at another size: each pixel takes the label under its centre, floor((x + ½)·from/to). The same size gives the map itself. */
export function resizeLabelMap(map: LabelMap, width: number, height: number): LabelMap {
  if (map.width === width && map.height === height) return map;
  const data = new Uint8Array(width * height);
  const columns = Uint32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * map.width) / width));
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * map.height) / height) * map.width;
    for (let x = 0; x < width; x++, i++) data[i] = map.data[row + columns[x]!]!;
  }
  return { width, height, data };
}
