import type { GeneratorCard } from './generator-card.ts';

/** RGB bytes, row-major from the top left, three a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

type Shown = Pick<GeneratorCard, 'resolution' | 'rows' | 'labelSize'>;

/** Size of the picture that is shown: the rows of the card, no greater than its label maps. */
export function pictureSize({ resolution, rows, labelSize }: Shown): { width: number; height: number } {
  const width = Math.min(resolution, labelSize.width);
  return { width, height: ((rows.to - rows.from) * width) / resolution };
}

/**
 * The picture that is shown of a synthesised image [1, 3, R, R]: the card's rows of it, where labels are smaller the mean of the f × f values
 * behind each pixel, and each value as the byte trunc(clip(127.5 x + 128, 0, 255)), as NVIDIA's tools write it.
 */
export function toPicture(image: Float32Array, card: Shown): Picture {
  const { resolution, rows } = card;
  const { width, height } = pictureSize(card);
  const factor = resolution / width;
  // A clamped array would round; the byte is truncated.
  const rgb = new Uint8Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0, left = 0, top = (channel * resolution + rows.from) * resolution; i < width * height; i++, left++) {
      if (left === width) {
        left = 0;
        top += factor * resolution;
      }
      const corner = top + left * factor;
      let sum = 0;
      for (let y = 0; y < factor; y++) for (let x = 0; x < factor; x++) sum += image[corner + y * resolution + x]!;
      const value = (127.5 * sum) / (factor * factor) + 128;
      rgb[3 * i + channel] = value > 0 ? Math.min(value, 255) : 0;
    }
  }
  return { width, height, rgb };
}
