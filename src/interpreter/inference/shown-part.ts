/** The values of the pixels that show the picture, of a map `mapWidth` wide: what a network sees in the padding says nothing of the picture. */
export function shownPart(
  map: Float32Array,
  mapWidth: number,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  if (width * height === map.length) return map;
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) out.set(map.subarray(y * mapWidth, y * mapWidth + width), y * width);
  return out;
}
