import type { Picture } from './picture.ts';

/** Pictures of one size side by side, `columns` a row, from the top left; what is left over is black. */
export function contactSheet(pictures: readonly Picture[], columns: number): Picture {
  const [first] = pictures;
  if (first === undefined) throw new RangeError('contactSheet: no pictures');
  const rows = Math.ceil(pictures.length / columns);
  const width = first.width * Math.min(columns, pictures.length);
  const rgb = new Uint8Array(3 * width * first.height * rows);
  for (const [i, picture] of pictures.entries()) {
    const left = (i % columns) * first.width;
    const top = Math.floor(i / columns) * first.height;
    for (let y = 0; y < picture.height; y++) {
      const line = picture.rgb.subarray(3 * y * picture.width, 3 * (y + 1) * picture.width);
      rgb.set(line, 3 * ((top + y) * width + left));
    }
  }
  return { width, height: first.height * rows, rgb };
}
