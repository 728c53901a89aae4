import type { VersionSummary } from '../../../api/answers.ts';
import { moment, number, share } from '../../format.ts';
import { texts } from '../../texts.ts';

const t = texts.look;

/** What tells versions apart: when they were trained, from how many pictures, and how good they are. */
export function nameOfVersion({ createdAt, annotatedImages, mIoU, current }: VersionSummary): string {
  const quality = mIoU === null ? [] : [t.mIoU(share(mIoU))];
  return [
    ...(current ? [t.current] : []),
    t.pictures(annotatedImages, number(annotatedImages)),
    ...quality,
    moment(createdAt),
  ].join(' · ');
}
