import type { Rgb } from './overlay.ts';

/** What the browser's CSS means by a colour, without its opacity; black where it means nothing. */
export function parseColour(css: string): Rgb {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = '#000000';
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

export const cssColour = (colour: readonly number[]): string => `rgb(${colour.slice(0, 3).join(' ')})`;
