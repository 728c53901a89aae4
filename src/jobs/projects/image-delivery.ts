import { DatasetGanError } from '../../errors.ts';
import { createS3Storage, listS3Storages } from '../../label-studio/client/s3-storages.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import { knownUploads, pushUploads } from '../../label-studio/push/push-uploads.ts';
import type { S3Place } from '../../storage-address.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import type { Product } from '../product/product.ts';

/** A picture to be shown, and its PNG where `needs` asks for it. */
export interface ShownPicture {
  readonly image: ImageIdentity;
  readonly png?: Uint8Array;
}

/** How the pictures of one project reach browsers (IMAGE_DELIVERY). */
export interface ImageDelivery {
  /** Whether the picture's PNG must be given. */
  needs(image: ImageIdentity): boolean;
  /** Brings the pictures to where browsers find them, and gives the address of each for `task.data`, in order. May be repeated. */
  deliver(pictures: readonly ShownPicture[]): Promise<string[]>;
}

/**
 * @param scope names the pictures' place in the storage: pictures of one scope are deleted together
 * @throws DatasetGanError `bad-settings`; the client's and the storage's errors
 */
export async function openDelivery(
  product: Pick<Product, 'settings' | 'storage'>,
  connection: Connection,
  project: number,
  scope: string,
  signal: AbortSignal,
): Promise<ImageDelivery> {
  switch (product.settings.imageDelivery) {
    case 'upload':
      return uploadDelivery(connection, project, signal);
    case 'url':
      return { needs: () => false, deliver: async (pictures) => pictures.map(({ image }) => imageUrl(product, image)) };
    case 'storage':
      return storageDelivery(product, connection, project, scope, signal);
  }
}

async function uploadDelivery(connection: Connection, project: number, signal: AbortSignal): Promise<ImageDelivery> {
  const uploads = await knownUploads(connection, project, signal);
  return {
    needs: (image) => !uploads.has(imageFileName(image)),
    deliver: async (pictures) => {
      const files = pictures.flatMap(({ image, png }) =>
        png === undefined ? [] : [{ name: imageFileName(image), type: 'image/png', bytes: png }],
      );
      await pushUploads(connection, project, files, uploads, { signal });
      return pictures.map(({ image }) => uploads.get(imageFileName(image))!);
    },
  };
}

/** Where the pictures of a scope are in the storage. */
export const pictureFolder = (scope: string) => `pictures/${scope}`;

/** Title of the storage that a project gets in Label Studio. */
const STORAGE_TITLE = 'DatasetGAN pictures';

/** The pictures are objects of our bucket, from which Label Studio reads them for the browser. */
function storageDelivery(
  product: Pick<Product, 'settings' | 'storage'>,
  connection: Connection,
  project: number,
  scope: string,
  signal: AbortSignal,
): ImageDelivery {
  const place = bucketOf(product);
  const folder = pictureFolder(scope);
  const prefix = [place.prefix, folder].filter((part) => part !== '').join('/');
  let ready: Promise<void> | undefined;
  return {
    needs: () => true,
    deliver: async (pictures) => {
      for (const { image, png } of pictures) {
        signal.throwIfAborted();
        await product.storage.put(`${folder}/${imageFileName(image)}`, png!);
      }
      // Label Studio checks that there is something under the prefix, so only now.
      ready ??= ensureStorage(connection, project, place, prefix, signal);
      await ready;
      return pictures.map(({ image }) => `s3://${place.bucket}/${prefix}/${imageFileName(image)}`);
    },
  };
}

function bucketOf({ settings }: Pick<Product, 'settings'>): S3Place {
  if (settings.storage?.kind === 's3') return settings.storage;
  throw new DatasetGanError('bad-settings', 'IMAGE_DELIVERY is storage, but STORAGE_URL is not a bucket.', {
    fix: 'Set STORAGE_URL to s3://bucket/prefix, or IMAGE_DELIVERY to upload or url.',
  });
}

async function ensureStorage(
  connection: Connection,
  project: number,
  { bucket, endpoint, region }: S3Place,
  prefix: string,
  signal: AbortSignal,
): Promise<void> {
  const present = await listS3Storages(connection, project, signal);
  if (present.some((storage) => storage.bucket === bucket && storage.title === STORAGE_TITLE)) return;
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = process.env;
  const keys = id && secret ? { id, secret, ...(session ? { session } : {}) } : null;
  await createS3Storage(connection, project, { title: STORAGE_TITLE, bucket, prefix, endpoint, region, keys }, signal);
}

/**
 * Name of a picture's file, the same for the same picture, so that a repeated push finds it: `0f3a91bc-seed-7.png`,
 * `0f3a91bc-seed-7-psi0.7-cut8.png`. It begins with the generator's id, because a project can show pictures of several.
 */
export function imageFileName({ generator, seed, class: label, psi, cutoff }: ImageIdentity): string {
  const parts = [generator.slice(0, 8), `seed-${seed}`];
  if (label !== null) parts.push(`class${label}`);
  if (psi !== 1) parts.push(`psi${Number(psi.toPrecision(6))}`);
  if (cutoff !== null) parts.push(`cut${cutoff}`);
  return `${parts.join('-').replaceAll('+', '')}.png`;
}

/**
 * Address of a picture on this server, for browsers (IMAGE_DELIVERY=url). By the generator's id: its name may be changed later.
 * @throws DatasetGanError `bad-settings` without PUBLIC_URL
 */
export function imageUrl({ settings }: Pick<Product, 'settings'>, image: ImageIdentity): string {
  const { generator, seed, class: label, psi, cutoff } = image;
  if (settings.publicUrl === null) {
    throw new DatasetGanError('bad-settings', 'IMAGE_DELIVERY is url, but PUBLIC_URL is not set.', {
      fix: 'Set PUBLIC_URL to where browsers reach this server.',
    });
  }
  const query = new URLSearchParams({ psi: String(psi), cutoff: cutoff === null ? 'none' : String(cutoff) });
  if (label !== null) query.set('class', String(label));
  return `${settings.publicUrl}/api/generators/${generator}/images/${seed}.png?${query}`;
}
