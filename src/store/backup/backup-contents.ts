/**
 * What a backup holds of a data folder. The database comes first. Left out is what is made, read or sent again: features, photographs, checkpoints,
 * uploads, locks.
 */
export const POSTGRES = 'postgres';
export const KEPT = [POSTGRES, 'api-token', 'versions', 'annotations', 'generators', 'backbones', 'storage', 'datasets'] as const;

/** The first file: says what the rest is. */
export const MANIFEST = 'datasetgan-backup.json';
/** The last file, one line for each of the others: without it the backup ended too early. */
export const CHECKSUMS = 'SHA256SUMS';
/** Of what is written here; another number is another arrangement. */
export const BACKUP_FORMAT = 1;

export interface BackupManifest {
  readonly format: number;
  /** ISO time. */
  readonly madeAt: string;
  /** The data folder as its server calls it: paths in the database begin with it. */
  readonly dataDir: string;
}
