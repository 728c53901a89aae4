import type { Components } from '../components.ts';

/**
 * The run lengths of each component's mask, column by column from the top left, as COCO counts them: zeros first, then ones and zeros in turn; they
 * add up to width × height.
 */
export function cocoCounts({ ids, components }: Components, width: number, height: number): number[][] {
  const counts: number[][] = components.map(() => []);
  const ends = new Uint32Array(components.length);
  const end = (id: number, start: number, stop: number) => {
    const own = counts[id]!;
    if (own.length > 0 && ends[id] === start) own[own.length - 1]! += stop - start;
    else own.push(start - ends[id]!, stop - start);
    ends[id] = stop;
  };
  for (let x = 0, at = 0; x < width; x++) {
    let start = at;
    let id = ids[x]!;
    for (let y = 0, i = x; y < height; y++, i += width, at++) {
      if (ids[i] === id) continue;
      end(id, start, at);
      start = at;
      id = ids[i]!;
    }
    end(id, start, at);
  }
  const total = width * height;
  for (const [id, own] of counts.entries()) if (ends[id]! < total) own.push(total - ends[id]!);
  return counts;
}

/**
 * Counts as COCO's text: each number (from the fourth on its difference to the one two before) in groups of five bits, the lowest first, in
 * characters from `0`; bit 6 says that more follow, and the last group carries the sign.
 */
export function cocoText(counts: readonly number[]): string {
  const codes: number[] = [];
  for (const [i, count] of counts.entries()) {
    let value = i > 2 ? count - counts[i - 2]! : count;
    for (let more = true; more; ) {
      const bits = value & 0x1f;
      value >>= 5;
      more = (bits & 0x10) === 0 ? value !== 0 : value !== -1;
      codes.push(48 + (more ? bits | 0x20 : bits));
    }
  }
  return String.fromCharCode(...codes);
}
