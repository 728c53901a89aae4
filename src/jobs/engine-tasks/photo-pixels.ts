import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { RgbPicture } from '../../masks/rgb-picture.ts';
import { framedPhoto, type PhotoFile } from '../../photos/photo-files.ts';
import { shownSize } from '../../photos/photo-frame.ts';

/** The pixels of a photograph that was fitted into a square, without the padding. @throws DatasetGanError `bad-photo` */
export async function photoPixels(
  { photo, side }: { readonly photo: PhotoFile; readonly side: number },
  context: EngineContext,
): Promise<RgbPicture> {
  const { frame, rgb } = await framedPhoto(photo, side);
  return { ...shownSize(frame), rgb: context.transfer(rgb) };
}
export const photoPixelsTask = engineTask(import.meta.url, photoPixels);
