/**
 * A pixel is in a mask where its alpha is at least this. Human strokes are anti-aliased: half coverage is the threshold that keeps their area
 * (any touched pixel would grow each stroke by about half a pixel all round).
 */
export const SET_FROM_ALPHA = 128;

/**
 * The alpha from which a pixel is in this mask: SET_FROM_ALPHA, or half of the largest alpha where none reaches that. Label Studio's editor has no
 * threshold: it shows a pixel as strongly as its alpha says, so a mask that is faint all over is to be seen there.
 * @param alpha 0 … 255, any order
 * @returns 1 … SET_FROM_ALPHA
 */
export function setFromAlpha(alpha: Uint8Array): number {
  let greatest = 0;
  for (const value of alpha) {
    if (value >= SET_FROM_ALPHA) return SET_FROM_ALPHA;
    if (value > greatest) greatest = value;
  }
  return greatest === 0 ? SET_FROM_ALPHA : Math.ceil(greatest / 2);
}
