import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DatasetGanError } from '../errors.ts';
import type { FeatureNetwork } from '../interpreter/features/feature-network.ts';
import { messageOf } from '../thrown.ts';
import type { Backbone } from './backbone.ts';
import { mirroredPhoto } from './mirrored.ts';
import { shownSize } from './photo-frame.ts';
import { type PhotoIdentity, type PhotoView, photoNetwork } from './photo-network.ts';
import { type FramedPhoto, readPhoto } from './read-photo.ts';

/** A photograph on this machine, or a smaller picture of it. Plain data: it is structured-cloned into worker threads. */
export interface PhotoFile extends PhotoIdentity {
  readonly file: string;
  /** What people call it. */
  readonly name: string;
  /** Of the photograph as it is shown; left out: the file has that size. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** What names the photograph in a file. @throws DatasetGanError `bad-photo` for a file that cannot be read */
export async function photoFile(file: string, name: string): Promise<PhotoFile> {
  return {
    photo: createHash('sha256')
      .update(await bytesOf(file))
      .digest('hex'),
    file,
    name,
  };
}

/** A backbone that looks at these photographs. */
export function networkOfPhotos(backbone: Backbone, view: PhotoView, files: readonly PhotoFile[]): FeatureNetwork<PhotoIdentity> {
  const known = new Map(files.map((file) => [file.photo, file]));
  const nameOf = ({ photo }: PhotoIdentity) => `Photograph ${known.get(photo)!.name}`;
  const read = async ({ photo, mirrored }: PhotoIdentity) => {
    const framed = await framedPhoto(known.get(photo)!, view.size);
    return mirrored === true ? mirroredPhoto(framed) : framed;
  };
  const network = photoNetwork(backbone, view, read, { keyOf: ({ photo, mirrored = false }) => `${photo} ${mirrored}`, nameOf });
  const extent = async (image: PhotoIdentity) => {
    const { size } = known.get(image.photo)!;
    return size === undefined ? network.extent(image) : shownSize({ ...size, side: view.labelSide });
  };
  return { ...network, extent };
}

/** The photograph in a square of `side`. @throws DatasetGanError `bad-photo` that names it */
export async function framedPhoto({ file, name, size }: PhotoFile, side: number): Promise<FramedPhoto> {
  try {
    return await readPhoto(await bytesOf(file), side, size);
  } catch (thrown) {
    const { message, fix } = thrown as DatasetGanError;
    throw new DatasetGanError('bad-photo', `${name}: ${message}`, { fix, cause: thrown });
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DatasetGanError('bad-photo', `${file} cannot be read: ${messageOf(cause)}`, { fix: 'Check its path.', cause });
  }
}
