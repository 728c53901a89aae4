/** Reads COCO's compressed RLE (row-major mask of 0 and 1 as result), by its description. */
export function decodeCocoRle(text: string, width: number, height: number): Uint8Array {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; at++, shift += 5) {
      const code = text.charCodeAt(at) - 48;
      value |= (code & 0x1f) << shift;
      more = (code & 0x20) !== 0;
      if (!more && (code & 0x10) !== 0) value |= -1 << (shift + 5);
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
  }
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (i % 2 === 1) for (let k = at; k < at + count; k++) mask[(k % height) * width + Math.floor(k / height)] = 1;
    at += count;
  }
  return mask;
}
