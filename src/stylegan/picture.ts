import type { GeneratorCard } from './generator-card.ts';

/** RGB bytes, row-major from the top left, three a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * The picture that is shown of a synthesised image [1, 3, R, R]: the card's rows of it, each value as the byte
 * trunc(clip(127.5 x + 128, 0, 255)), as NVIDIA's tools write it.
 */
export function toPicture(image: Float32Array, { resolution, rows }: Pick<GeneratorCard, 'resolution' | 'rows'>): Picture {
  const plane = resolution * resolution;
  const first = rows.from * resolution;
  const height = rows.to - rows.from;
  // A clamped array would round; the byte is truncated.
  const rgb = new Uint8Array(3 * resolution * height);
  for (let i = 0; i < resolution * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = 127.5 * image[channel * plane + first + i]! + 128;
      rgb[3 * i + channel] = value > 0 ? Math.min(value, 255) : 0;
    }
  }
  return { width: resolution, height, rgb };
}
