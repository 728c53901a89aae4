/** How much larger than in the window. */
export const LEAST_ZOOM = 1;
const MOST_ZOOM = 16;
/** Of one key or click. */
export const ZOOM_STEP = 1.4;
/** Of a wheel, by pixel that it is turned. */
const BY_PIXEL = 0.002;

export function zoomedBy(zoom: number, factor: number): number {
  return Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * factor));
}

/** @param pixels that the wheel was turned down */
export function wheelFactor(pixels: number): number {
  return Math.exp(-BY_PIXEL * Math.max(-400, Math.min(400, pixels)));
}

/** Where to scroll so that what is at `at` of the window stays there. */
export function scrollAfterZoom(scroll: number, at: number, before: number, after: number): number {
  return Math.max(0, ((scroll + at) * after) / before - at);
}
