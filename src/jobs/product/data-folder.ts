import { join } from 'node:path';
import { makeFoldersSync, PRIVATE } from '../../make-folders.ts';

/** Files and folders under DATA_DIR. */
export class DataFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    for (const folder of ['versions', 'annotations', 'checkpoints', 'features', 'datasets', 'generators', 'uploads', 'photos'])
      makeFoldersSync(join(root, folder), PRIVATE);
  }

  /** Weights of a version; written once, never changed. */
  version(id: string): string {
    return join(this.root, 'versions', `${id}.bin`);
  }

  /** Index PNG of a label map that versions learnt from, by its sha256. */
  annotation(sha256: string): string {
    return join(this.root, 'annotations', `${sha256}.png`);
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

  get backbones(): string {
    return join(this.root, 'backbones');
  }

  /** Photographs of projects as their backbones see them, and what was learnt of them without labels. */
  get photos(): string {
    return join(this.root, 'photos');
  }

  /** What is made of generators whose own folders cannot be written, by their id. */
  get besideGenerators(): string {
    return join(this.root, 'beside-generators');
  }

  /** Checkpoints that somebody sent, until their import has ended. */
  get uploads(): string {
    return join(this.root, 'uploads');
  }

  dataset(id: string): string {
    return join(this.root, 'datasets', id);
  }
}
