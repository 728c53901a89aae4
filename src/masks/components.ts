import type { LabelMap } from './label-map.ts';

/** A connected piece of one label. */
export interface Component {
  readonly label: number;
  readonly pixels: number;
  /** Index of its first pixel in row-major order: its topmost row, leftmost there. */
  readonly first: number;
}

export interface Components {
  /** Index into `components` of every pixel. */
  readonly ids: Uint32Array;
  /** In order of their first pixel. */
  readonly components: readonly Component[];
}

/** A label map, or one of numbers beyond a byte. */
interface NumberedPixels extends Pick<LabelMap, 'width' | 'height'> {
  readonly data: Uint8Array | Uint32Array;
}

/**
 * Splits a label map into its connected pieces: pixels of one label that touch by a side (4-connected). Two passes with union-find, over the runs of
 * equal pixels in each row.
 */
export function connectedComponents(map: NumberedPixels): Components {
  const { data } = map;
  const { starts, parents } = joinedRuns(map);
  const ids = new Uint32Array(data.length);
  const components: { label: number; pixels: number; first: number }[] = [];
  const idOfRun = new Uint32Array(parents.length);
  for (let run = 0; run < parents.length; run++) {
    const root = rootOf(parents, run);
    const start = starts[run]!;
    if (root === run) {
      idOfRun[run] = components.length;
      components.push({ label: data[start]!, pixels: 0, first: start });
    } else idOfRun[run] = idOfRun[root]!;
    const id = idOfRun[run]!;
    const end = starts[run + 1] ?? data.length;
    components[id]!.pixels += end - start;
    ids.fill(id, start, end);
  }
  return { ids, components };
}

/** Where each run begins, in reading order, and a run of the same piece that is not after it: the first run of a piece is its root. */
function joinedRuns({ width, height, data }: NumberedPixels): { starts: readonly number[]; parents: number[] } {
  const starts: number[] = [];
  const parents: number[] = [];
  // The first run of the row above that reaches the current run or what is right of it.
  let above = 0;
  for (let y = 0, start = 0; y < height; y++) {
    const firstOfRow = starts.length;
    for (const rowEnd = start + width; start < rowEnd; ) {
      const label = data[start]!;
      let end = start + 1;
      while (end < rowEnd && data[end] === label) end++;
      const run = starts.length;
      starts.push(start);
      parents.push(run);
      for (; above < firstOfRow && starts[above]! < end - width; above++) {
        if (data[starts[above]!] === label) join(parents, above, run);
        // It touches the next run, too.
        if (starts[above + 1]! > end - width) break;
      }
      start = end;
    }
  }
  return { starts, parents };
}

function join(parents: number[], a: number, b: number): void {
  const [rootA, rootB] = [rootOf(parents, a), rootOf(parents, b)];
  parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
}

function rootOf(parents: number[], run: number): number {
  let at = run;
  for (let parent = parents[at]!; parent !== at; parent = parents[at]!) {
    // Each step halves the way for the next one.
    parents[at] = parents[parent]!;
    at = parents[at]!;
  }
  return at;
}
