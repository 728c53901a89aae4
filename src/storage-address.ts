import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Object storage that speaks S3's protocol. */
export interface S3Place {
  readonly kind: 's3';
  readonly bucket: string;
  /** Where in the bucket, without slashes at its ends; '' is all of it. */
  readonly prefix: string;
  /** null: Amazon's, of that region. */
  readonly endpoint: string | null;
  readonly region: string;
}

/** A storage that several machines share. */
export type SharedStorage = S3Place | { readonly kind: 'folder'; readonly folder: string };

type StorageAddress = Pick<S3Place, 'kind' | 'bucket' | 'prefix'> | Extract<SharedStorage, { kind: 'folder' }>;

/** `s3://bucket/prefix` or `file:///folder`, as STORAGE_URL has it. */
export function storageAddress() {
  return z.string().transform((value, context): StorageAddress => {
    const url = URL.parse(value);
    const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/*((?:\/[\w.-]+)*)\/*$/.exec(value) ?? [];
    if (bucket !== undefined) return { kind: 's3', bucket, prefix: prefix.slice(1) };
    if (url?.protocol === 'file:' && url.hostname === '' && url.pathname !== '/')
      return { kind: 'folder', folder: fileURLToPath(url) };
    context.addIssue({ code: 'custom', message: 'must be s3://bucket, s3://bucket/prefix, or file:///folder' });
    return z.NEVER;
  });
}
