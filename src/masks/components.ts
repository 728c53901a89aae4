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

/**
 * Splits a label map into its connected pieces: pixels of one label that touch by a side (4-connected). Two passes with union-find.
 */
export function connectedComponents(map: LabelMap): Components {
  const { width, height, data } = map;
  const ids = new Uint32Array(width * height);
  const parents: number[] = [];
  const rootOf = (id: number): number => {
    let root = id;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = id; at !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };

  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = data[i];
      const left = x > 0 && data[i - 1] === label ? ids[i - 1]! : undefined;
      const above = y > 0 && data[i - width] === label ? ids[i - width]! : undefined;
      if (left === undefined && above === undefined) {
        ids[i] = parents.length;
        parents.push(parents.length);
      } else {
        ids[i] = left ?? above!;
        if (left !== undefined && above !== undefined && left !== above) {
          // The smaller id is the earlier one: roots keep the order of first pixels.
          const a = rootOf(left);
          const b = rootOf(above);
          if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
        }
      }
    }
  }

  const numbered = new Map<number, number>();
  const components: { label: number; pixels: number; first: number }[] = [];
  for (let i = 0; i < ids.length; i++) {
    const root = rootOf(ids[i]!);
    let id = numbered.get(root);
    if (id === undefined) {
      id = components.length;
      numbered.set(root, id);
      components.push({ label: data[i]!, pixels: 0, first: i });
    }
    components[id]!.pixels++;
    ids[i] = id;
  }
  return { ids, components };
}
