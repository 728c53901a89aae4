import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Grey, type Palette, paint } from './overlay.ts';

interface SeenCanvasProps {
  readonly picture: ImageBitmap | undefined;
  readonly map: Grey | undefined;
  readonly palette: Palette;
  /** 0 … 1 */
  readonly opacity: number;
}

/** A picture with what is seen in it laid over it. As many pixels as the larger of both. */
export function SeenCanvas({ picture, map, palette, opacity }: SeenCanvasProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = Math.max(picture?.width ?? 0, map?.width ?? 0);
  const height = Math.max(picture?.height ?? 0, map?.height ?? 0);
  const isDrawn = picture !== undefined;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (picture === undefined || context == null) return;
    context.globalAlpha = 1;
    context.drawImage(picture, 0, 0, width, height);
    if (map === undefined || opacity === 0) return;
    const layer = new OffscreenCanvas(map.width, map.height);
    layer.getContext('2d')!.putImageData(new ImageData(paint(map, palette), map.width, map.height), 0, 0);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    context.drawImage(layer, 0, 0, width, height);
  }, [picture, map, palette, opacity, width, height]);
  // Without a picture a square keeps its place.
  return html`<canvas ref=${canvas} class="look-canvas" width=${isDrawn ? width : 256} height=${isDrawn ? height : 256}
    data-state=${map === undefined ? (isDrawn ? 'picture' : 'waiting') : 'seen'}></canvas>`;
}
