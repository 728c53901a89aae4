import { readFile } from 'node:fs/promises';
import type { FeatureNetwork } from '../interpreter/features/feature-network.ts';
import type { Backbone } from '../photos/backbone.ts';
import { type PhotoView, photoNetwork } from '../photos/photo-network.ts';
import type { FramedPhoto } from '../photos/read-photo.ts';
import type { DescribedFile } from './labelled-file.ts';
import type { PairView } from './pair-view.ts';
import { pictureInView } from './view-picture.ts';

/** A picture that a student learns from, in one view of it. */
export interface StudentPicture {
  readonly file: DescribedFile;
  readonly view: PairView;
  /** Names its noise. */
  readonly seed: number;
}

export interface StudentNetwork extends FeatureNetwork<StudentPicture> {
  /** Begins to read a picture that is looked at next, while the backbone is at work. */
  readAhead(picture: StudentPicture): void;
}

/** A backbone that looks at the pictures of a student. */
export function studentNetwork(backbone: Backbone, view: PhotoView): StudentNetwork {
  const keyOf = (picture: StudentPicture) => `${picture.file.photo} ${picture.seed}`;
  const begun = new Map<string, Promise<FramedPhoto>>();
  const read = async ({ file, view: own, seed }: StudentPicture) =>
    pictureInView(await readFile(file.picture), { ...file, view: own, side: view.size }, seed);
  const take = (picture: StudentPicture) => {
    const photo = begun.get(keyOf(picture)) ?? read(picture);
    begun.delete(keyOf(picture));
    return photo;
  };
  const network = photoNetwork(backbone, view, take, { keyOf, nameOf: ({ file }) => `Picture ${file.picture}` });
  const readAhead = (picture: StudentPicture) => {
    const photo = read(picture);
    // Whoever asks for it is told.
    photo.catch(() => undefined);
    begun.set(keyOf(picture), photo);
  };
  return { ...network, readAhead };
}
