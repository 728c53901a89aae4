/** Parts of a portrait; a mask holds their positions in this list. */
export const PARTS = [
  'background',
  'hair',
  'face',
  'ear',
  'neck',
  'clothing',
  'eye',
  'iris',
  'brow',
  'nose',
  'mouth',
  'glasses',
] as const;

export type Part = (typeof PARTS)[number];

/** Keypoints of a portrait. Left and right as seen in the picture. */
export const KEYPOINTS = [
  'eye-left',
  'eye-right',
  'nose-tip',
  'mouth-left',
  'mouth-right',
  'mouth-centre',
  'chin',
  'ear-left',
  'ear-right',
] as const;

export type KeypointName = (typeof KEYPOINTS)[number];
