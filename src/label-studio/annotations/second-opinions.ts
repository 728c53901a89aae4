import type { LabelConfig } from '../label-config/label-config.ts';
import { type Agreement, agreementOf, type Drawing } from './agreement.ts';
import type { Annotation } from './annotated-task.ts';

/** Ids in Label Studio. */
export interface AnnotationOfUser {
  readonly annotation: number;
  readonly user: number;
}

/** Another user's annotation of a picture, beside the one that counts. */
export interface SecondOpinion extends Agreement {
  readonly counted: AnnotationOfUser;
  readonly other: AnnotationOfUser;
}

/**
 * How the other users' annotations of a picture agree with the one that counts: of each user the first in the list that draws something. Nothing is drawn
 * (which costs decoding) where only one user annotated the picture.
 * @param others the last updated first
 * @param draw null for an annotation without anything in it
 */
export async function secondOpinions(
  counted: Annotation,
  others: readonly Annotation[],
  draw: (annotation: Annotation) => Promise<Drawing | null>,
  config: LabelConfig,
): Promise<SecondOpinion[]> {
  const { completed_by: user } = counted;
  if (user == null) return [];
  const opinions: SecondOpinion[] = [];
  const heard = new Set([user]);
  let own: Drawing | null = null;
  for (const other of others) {
    if (other.completed_by == null || heard.has(other.completed_by)) continue;
    own ??= await draw(counted);
    const drawing = await draw(other).catch(() => null);
    if (own === null || drawing === null) continue;
    heard.add(other.completed_by);
    opinions.push({
      counted: { annotation: counted.id, user },
      other: { annotation: other.id, user: other.completed_by },
      ...agreementOf(own, drawing, config),
    });
  }
  return opinions;
}
