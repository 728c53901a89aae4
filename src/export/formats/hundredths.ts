/** Pixels to a hundredth: finer than anybody marks or finds a point. */
export const hundredths = (pixels: number): number => Math.round(100 * pixels) / 100;
