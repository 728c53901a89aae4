import type { ProjectPictures } from '../../../api/answers.ts';
import { useAnswer } from '../../use-answer.ts';
import { picturePath, picturesPath } from './look-paths.ts';
import { readLookQuery } from './look-query.ts';
import { readPicture } from './read-picture.ts';
import { RANK, useLoaded } from './use-loaded.ts';

const FIRST_VIEW = readLookQuery(new URLSearchParams());

/**
 * Has the first two pictures of a project's view made while the reader is still elsewhere. After a start of the server they take ten times as long as
 * others: threads and ONNX Runtime sessions are built for them. The view finds both loaded. They are patient, as all of its pictures.
 * @param wanted whether the view can be gone to, and nothing else is being made; once false, what was asked for is given up
 */
export function useLookAhead(id: string, wanted: boolean): void {
  const { answer } = useAnswer<ProjectPictures>(wanted ? picturesPath(id, FIRST_VIEW) : null);
  const pathOf = (index: number): string | null => {
    const picture = answer?.pictures[index];
    return answer === undefined || picture === undefined ? null : picturePath(answer.generator, picture, false);
  };
  // Two at once: the lane of patient pictures makes them side by side, each in a thread with a session of its own.
  useLoaded(pathOf(0), RANK.picture, readPicture);
  useLoaded(pathOf(1), RANK.picture, readPicture);
}
