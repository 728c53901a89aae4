import { DatasetGanError } from '../../errors.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import type { RegionReport } from './region-report.ts';
import type { ResultEntry } from './result-entry.ts';

/** Whether a region is on the config's Image; `report` hears of one that is on another object. */
export function isOnPicture(
  { toName, name }: ResultEntry,
  { imageName, otherObjects }: Pick<LabelConfig, 'imageName' | 'otherObjects'>,
  report: RegionReport,
): boolean {
  if (toName !== null && otherObjects.includes(toName)) {
    report.note(`a region on '${toName}' is not on '${imageName}'`);
    return false;
  }
  if (toName !== null && toName !== imageName)
    report.note(`${name} is on '${toName}', which is not in the label config; it counts as one on '${imageName}'`);
  return true;
}

/** @throws DatasetGanError `bad-annotation` when the region was drawn on a picture of another size */
export function checkPictureSize({ originalWidth, originalHeight }: ResultEntry, width: number, height: number): void {
  if ((originalWidth ?? width) === width && (originalHeight ?? height) === height) return;
  throw new DatasetGanError(
    'bad-annotation',
    `It was drawn on a picture of ${originalWidth}x${originalHeight} pixels, but this one has ${width}x${height}.`,
  );
}
