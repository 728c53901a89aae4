import type { PhotoFile } from '../../photos/photo-files.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';

/** A photograph that a task shows, as its backbone sees it, with its own size. */
export type Photograph = PhotoFile & Required<Pick<PhotoFile, 'size'>>;

/** What a task shows. */
export type Picture = ImageIdentity | Photograph;
