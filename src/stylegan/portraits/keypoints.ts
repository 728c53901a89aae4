import { fromHead, SIDE } from './canvas.ts';
import type { Factors } from './factors.ts';
import { FACE_Y, places } from './layers.ts';
import { KEYPOINTS, type KeypointName, PARTS } from './parts.ts';

/** A point of a portrait in pixels; the centre of the top-left pixel is (0.5, 0.5). */
export interface Keypoint {
  readonly name: KeypointName;
  readonly x: number;
  readonly y: number;
  /** Ears are visible where the mask shows them; all other points always. */
  readonly visible: boolean;
}

export function portraitKeypoints(f: Factors, mask: Uint8Array): Keypoint[] {
  const positions = headPositions(f);
  return KEYPOINTS.map((name) => {
    const [x, y] = fromHead(...positions[name], f.tilt).map((value) => ((value + 1) / 2) * SIDE) as [number, number];
    const visible = !name.startsWith('ear') || PARTS[mask[pixelAt(y) * SIDE + pixelAt(x)]!] === 'ear';
    return { name, x, y, visible };
  });
}

function pixelAt(position: number): number {
  return Math.min(Math.max(Math.trunc(position), 0), SIDE - 1);
}

/** (x, y) in the head's frame. */
function headPositions(f: Factors): Record<KeypointName, [number, number]> {
  const { dx, dy, noseY, mouthY } = places(f);
  const cornerY = mouthY + dy - 0.45 * f.smile;
  return {
    'eye-left': [-f.eyeSpacing + dx, f.eyeY + dy],
    'eye-right': [f.eyeSpacing + dx, f.eyeY + dy],
    'nose-tip': [dx * 1.3, noseY + dy],
    'mouth-left': [dx - f.mouthWidth, cornerY],
    'mouth-right': [dx + f.mouthWidth, cornerY],
    'mouth-centre': [dx, mouthY + dy],
    chin: [0, FACE_Y + f.faceHeight],
    'ear-left': [-f.faceWidth * 0.98 - dx * 0.5, FACE_Y + 0.02],
    'ear-right': [f.faceWidth * 0.98 - dx * 0.5, FACE_Y + 0.02],
  };
}
