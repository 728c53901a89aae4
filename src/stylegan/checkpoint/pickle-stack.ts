import { damaged } from './refusal.ts';

/** The stack of a pickle, with its marks. Nothing below the last mark can be taken. */
export class PickleStack {
  #items: unknown[] = [];
  readonly #below: unknown[][] = [];

  push(value: unknown): void {
    this.#items.push(value);
  }

  /** The item that is `depth` under the top. */
  top(depth = 0): unknown {
    const { length } = this.#items;
    if (length <= depth) throw damaged('its stack is empty');
    return this.#items[length - 1 - depth];
  }

  /** The last `count` items, in their order. */
  popMany(count: number): unknown[] {
    if (this.#items.length < count) throw damaged('its stack is empty');
    return this.#items.splice(this.#items.length - count, count);
  }

  mark(): void {
    this.#below.push(this.#items);
    this.#items = [];
  }

  /** All items above the last mark, which is removed. */
  popToMark(): unknown[] {
    const items = this.#items;
    const below = this.#below.pop();
    if (below === undefined) throw damaged('a mark is missing');
    this.#items = below;
    return items;
  }

  /** Python's POP: the top, or the mark if nothing is above it. */
  popOrUnmark(): void {
    if (this.#items.length > 0) this.#items.pop();
    else this.popToMark();
  }

  /** The one item that is left at the end. */
  only(): unknown {
    if (this.#below.length > 0 || this.#items.length !== 1) throw damaged('its stack does not end with one object');
    return this.#items[0];
  }
}
