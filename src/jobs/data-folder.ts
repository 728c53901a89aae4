import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What lies where under DATA_DIR. */
export class DataFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    for (const folder of ['versions', 'checkpoints', 'features', 'shards', 'datasets', 'generators'])
      mkdirSync(join(root, folder), { recursive: true });
  }

  /** Weights of a version; written once, never changed. */
  version(id: string): string {
    return join(this.root, 'versions', `${id}.bin`);
  }

  /** Where a training that was killed goes on. */
  checkpoint(versionId: string): string {
    return join(this.root, 'checkpoints', `${versionId}.bin`);
  }

  get features(): string {
    return join(this.root, 'features');
  }

  get generators(): string {
    return join(this.root, 'generators');
  }

  /** Pairs of one shard, named by its input: orders with the same plan share them. */
  shard(planId: string, index: number): string {
    return join(this.root, 'shards', planId, String(index).padStart(6, '0'));
  }

  dataset(id: string): string {
    return join(this.root, 'datasets', id);
  }
}
