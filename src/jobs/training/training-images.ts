import type { TrainingImage } from '../sources/picture-source.ts';
import type { PulledAnnotations } from './pull-annotations.ts';

/** The annotated pictures, newest annotation first. */
export function trainingImages({ counted }: PulledAnnotations): TrainingImage[] {
  return counted.map(({ picture, counted: annotation, summary }) => {
    const { labelMap, boxes, keypoints } = annotation!;
    return { image: picture, labelMap, boxes, keypoints, annotation: summary! };
  });
}
