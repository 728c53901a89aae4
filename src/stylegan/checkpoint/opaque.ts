import type { Buildable } from './pickle-objects.ts';

/** An object whose content no weight depends on, such as the arguments of a training run. */
export class Opaque implements Buildable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  build(): void {
    // What it would hold is of no use here.
  }
}
