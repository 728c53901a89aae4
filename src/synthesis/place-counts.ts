/** Cells along the longer side. */
const CELLS = 64;

/** Counts places in a picture by the cell of a grid that they are in: a stream of any length in constant memory. */
export class PlaceCounts {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Side of a cell, in pixels. */
  readonly cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #counts: Float64Array;

  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.width = width;
    this.height = height;
    this.cell = Math.max(width, height) / CELLS;
    this.#columns = Math.ceil(width / this.cell);
    this.#rows = Math.ceil(height / this.cell);
    this.#counts = new Float64Array(this.#columns * this.#rows);
  }

  /** A place beyond the edge counts in the nearest cell. */
  add({ x, y }: { readonly x: number; readonly y: number }): void {
    const within = (pixels: number, cells: number) => Math.min(cells - 1, Math.max(0, Math.floor(pixels / this.cell)));
    this.#counts[within(y, this.#rows) * this.#columns + within(x, this.#columns)]!++;
  }

  /** Cells that hold something, row by row; x and y of their top left corners in pixels. */
  get occupied(): { readonly x: number; readonly y: number; readonly count: number }[] {
    return [...this.#counts.entries()]
      .filter(([, count]) => count > 0)
      .map(([index, count]) => ({
        x: (index % this.#columns) * this.cell,
        y: Math.floor(index / this.#columns) * this.cell,
        count,
      }));
  }
}
