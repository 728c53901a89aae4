import { DatasetGanError } from '../errors.ts';
import type { ImageIdentity } from '../stylegan/image-identity.ts';
import type { Product } from './product.ts';

/** Name of a picture's file in Label Studio, the same for the same picture, so that a repeated push finds it: `seed-7.png`, `seed-7-psi0.7-cut8.png`. */
export function imageFileName({ seed, class: label, psi, cutoff }: ImageIdentity): string {
  const parts = [`seed-${seed}`];
  if (label !== null) parts.push(`class${label}`);
  if (psi !== 1) parts.push(`psi${Number(psi.toPrecision(6))}`);
  if (cutoff !== null) parts.push(`cut${cutoff}`);
  return `${parts.join('-').replaceAll('+', '')}.png`;
}

/**
 * Address of a picture on this server, for browsers (IMAGE_DELIVERY=url). By the generator's id: its name may be changed later.
 * @throws DatasetGanError `bad-settings` without PUBLIC_URL
 */
export function imageUrl({ settings }: Product, { generator, seed, class: label, psi, cutoff }: ImageIdentity): string {
  if (settings.publicUrl === null) {
    throw new DatasetGanError('bad-settings', 'IMAGE_DELIVERY is url, but PUBLIC_URL is not set.', {
      fix: 'Set PUBLIC_URL to where browsers reach this server.',
    });
  }
  const query = new URLSearchParams({ psi: String(psi), cutoff: cutoff === null ? 'none' : String(cutoff) });
  if (label !== null) query.set('class', String(label));
  return `${settings.publicUrl}/api/generators/${generator}/images/${seed}.png?${query}`;
}
