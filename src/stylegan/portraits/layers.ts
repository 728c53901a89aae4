import type { Canvas, Shape } from './canvas.ts';
import { clamp, hsv, type Rgb } from './colour.ts';
import type { Factors } from './factors.ts';
import { box, ellipse } from './shapes.ts';

/** Height of the face's centre in the head's frame. */
export const FACE_Y = -0.02;

/** Positions that follow from the factors. */
export interface Places {
  /** How far the features move with the head's turn. */
  readonly dx: number;
  readonly dy: number;
  readonly noseY: number;
  readonly mouthY: number;
}

export function places(f: Factors): Places {
  const noseY = f.eyeY + f.noseLength;
  return { dx: f.yaw * 0.09, dy: f.pitch * 0.03, noseY, mouthY: noseY + 0.155 };
}

type Layer = (f: Factors, p: Places) => Iterable<Shape>;

/** Paints a portrait, back to front. */
export function paintPortrait(canvas: Canvas, f: Factors): void {
  const p = places(f);
  for (const layer of LAYERS) for (const shape of layer(f, p)) canvas.paint(shape);
}

const SIDES = [-1, 1] as const;

/** Skin under a light level (about 0.4 to 1.1): darker is also more saturated. */
function skin(out: Rgb, f: Factors, light: number): void {
  hsv(out, f.skinHue, clamp(f.skinSaturation * (1.12 - 0.35 * light), 0, 1), clamp(f.skinValue * light, 0, 1));
}

function hairColour(out: Rgb, f: Factors, { dx }: Places, x: number, y: number): void {
  const strands = Math.sin(15 * (x - dx * 0.4) + 3 * Math.sin(3 * y + f.parting * 3));
  hsv(out, f.hairHue, f.hairSaturation, clamp(f.hairValue * (0.72 + 0.28 * strands * 0.2 - 0.22 * y), 0, 1));
}

const background: Layer = (f) => [
  {
    frame: 'picture',
    part: 'background',
    distance: () => -1,
    colour: (out, x, y) => {
      const falloff = 1 - ((x - 0.2 * f.light) ** 2 + (y + 0.2) ** 2) * 0.35;
      hsv(out, f.backgroundHue, 0.3 * (1 - (0.4 * (y + 1)) / 2), 0.55 + 0.4 * clamp(falloff, 0, 1));
    },
  },
];

const hairBehind: Layer = (f, p) => [
  {
    frame: 'head',
    part: 'hair',
    distance: (x, y) => {
      const cap = ellipse(x, y, 0, FACE_Y - 0.1, f.faceWidth + f.hairVolume, f.faceHeight + f.hairVolume * 0.8, 2.2);
      const middle = FACE_Y + f.hairLength * 0.5 - 0.05;
      const fall = box(x, y, 0, middle, f.faceWidth + f.hairVolume * 0.9, f.hairLength * 0.5, f.faceWidth * 0.55);
      return Math.min(cap, fall);
    },
    colour: (out, x, y) => {
      hairColour(out, f, p, x, y);
      for (let channel = 0; channel < 3; channel++) out[channel]! *= 0.72;
    },
  },
];

const clothingAndNeck: Layer = (f) => [
  {
    frame: 'picture',
    part: 'clothing',
    distance: (x, y) => box(x, y, 0, 1.25, 0.78 + 0.1 * f.faceWidth, 0.5, 0.38),
    colour: (out, x) => hsv(out, f.clothingHue, f.clothingSaturation, clamp(0.75 - 0.25 * (x * -f.light), 0.2, 1)),
  },
  {
    frame: 'picture',
    part: 'neck',
    distance: (x, y) => box(x, y, 0, 0.62, f.faceWidth * 0.46, 0.3, 0.12),
    colour: (out, x) => skin(out, f, 0.62 + 0.1 * x * f.light),
  },
  {
    frame: 'picture',
    part: 'neck',
    distance: (x, y) => ellipse(x, y, 0, 0.86, f.faceWidth * 0.62, 0.14),
    colour: (out) => skin(out, f, 0.66),
  },
];

const ears: Layer = (f, { dx }) =>
  SIDES.map((side) => ({
    frame: 'head',
    part: 'ear',
    within: [side * f.faceWidth * 0.98 - dx * 0.5, FACE_Y + 0.02, 0.13],
    distance: (x, y) => ellipse(x, y, side * f.faceWidth * 0.98 - dx * 0.5, FACE_Y + 0.02, 0.075, 0.115),
    colour: (out) => skin(out, f, 0.75 + 0.12 * side * f.light),
  }));

const face: Layer = (f) => {
  const distance = (x: number, y: number) => {
    const taper = 1 - (0.1 * Math.max(y - FACE_Y, 0) * f.jaw) / 2;
    return ellipse(x, y, 0, FACE_Y, f.faceWidth * taper, f.faceHeight, 2.15);
  };
  return [
    {
      frame: 'head',
      part: 'face',
      distance,
      colour: (out, x, y) => {
        const nx = x / (f.faceWidth * 1.05);
        const ny = (y - FACE_Y) / (f.faceHeight * 1.05);
        const nz = Math.sqrt(Math.max(1 - nx ** 2 - ny ** 2, 0.05));
        skin(out, f, clamp(0.62 + 0.42 * (nx * f.light * 0.55 - ny * 0.35 + nz * 0.6), 0.35, 1.08));
      },
    },
    {
      // Blush: never more than a quarter opaque, so it changes no part.
      frame: 'head',
      part: 'face',
      distance,
      opacity: (x, y) => Math.exp(-(((Math.abs(x) - 0.24) / 0.11) ** 2 + ((y - 0.17) / 0.08) ** 2)) * 0.25,
      colour: (out) => out.set([0.9, 0.35, 0.3]),
    },
  ];
};

const nose: Layer = (f, { dx, dy, noseY }) => {
  const cy = noseY + dy;
  const nostrils: Shape[] = SIDES.map((side) => ({
    frame: 'head',
    part: 'nose',
    within: [dx * 1.3 + side * f.noseWidth * 0.5, cy + 0.018, 0.03],
    distance: (x, y) => ellipse(x, y, dx * 1.3 + side * f.noseWidth * 0.5, cy + 0.018, 0.016, 0.01),
    colour: (out) => skin(out, f, 0.42),
  }));
  return [
    {
      frame: 'head',
      part: 'nose',
      within: [dx * 1.2, cy - 0.08, 0.16],
      distance: (x, y) => {
        const tip = ellipse(x, y, dx * 1.3, cy, f.noseWidth, 0.042);
        const bridge = box(x, y, dx * 1.15, cy - f.noseLength * 0.42, 0.022, f.noseLength * 0.42, 0.02);
        return Math.min(tip, bridge);
      },
      colour: (out, x) => skin(out, f, 0.8 + 0.25 * clamp(((x - dx) / f.noseWidth) * f.light * 0.5, -1, 1)),
    },
    ...nostrils,
  ];
};

const mouth: Layer = (f, { dx, dy, mouthY }) => {
  const bent = (x: number, y: number) => y - mouthY - dy + ((f.smile * (x - dx) ** 2) / f.mouthWidth ** 2) * 0.45;
  return [
    {
      frame: 'head',
      part: 'mouth',
      within: [dx, mouthY + dy, 0.2],
      distance: (x, y) => ellipse(x, bent(x, y), dx, 0, f.mouthWidth, f.mouthHeight, 1.8),
      colour: (out) => hsv(out, 0.98, 0.45 + 0.35 * f.lipColour, f.skinValue * 0.8),
    },
    {
      frame: 'head',
      part: 'mouth',
      within: [dx, mouthY + dy, 0.2],
      distance: (x, y) => ellipse(x, bent(x, y), dx, 0.002, f.mouthWidth * 0.8, f.mouthHeight * 0.28, 1.8),
      colour: (out) => hsv(out, 0.98, 0.7, 0.28),
    },
  ];
};

const eyesAndBrows: Layer = function* (f, { dx, dy }) {
  const cy = f.eyeY + dy;
  for (const side of SIDES) {
    const cx = side * f.eyeSpacing + dx;
    const width = f.eyeWidth * (1 - 0.18 * side * f.yaw);
    const gazeX = cx + f.gaze * 0.02;
    const eye = (x: number, y: number) => ellipse(x, y, cx, cy, width, f.eyeHeight, 1.9);
    const disc = (radius: number) => (x: number, y: number) => Math.max(ellipse(x, y, gazeX, cy, radius, radius), eye(x, y));
    yield { frame: 'head', part: 'eye', within: [cx, cy, 0.13], distance: eye, colour: (out) => hsv(out, 0.1, 0.03, 0.96) };
    yield {
      frame: 'head',
      part: 'iris',
      within: [gazeX, cy, 0.05],
      distance: disc(0.036),
      colour: (out) => hsv(out, f.irisHue, 0.55, 0.55),
    };
    yield {
      frame: 'head',
      part: 'iris',
      within: [gazeX, cy, 0.03],
      distance: disc(0.016),
      colour: (out) => hsv(out, 0, 0, 0.06),
    };
    // Lashes: the upper half of the eye's rim.
    const lashes = (x: number, y: number) => Math.max(Math.abs(eye(x, y)) - 0.006, y - cy);
    yield {
      frame: 'head',
      part: 'eye',
      within: [cx, cy, 0.13],
      distance: lashes,
      colour: (out) => hsv(out, f.hairHue, 0.3, 0.12),
    };
    yield {
      frame: 'head',
      part: 'brow',
      within: [cx, f.eyeY - f.browGap + dy, 0.17],
      distance: (x, y) => {
        const bx = x - cx;
        const by = y - (f.eyeY - f.browGap) - dy - f.browAngle * side * bx * 0.5 + (bx / f.eyeWidth) ** 2 * 0.018;
        const half = f.browThickness * (1 - 0.35 * ((bx * side) / f.eyeWidth));
        return box(bx, by, 0, 0, width * 1.12, half, 0.012);
      },
      colour: (out) => hsv(out, f.hairHue, f.hairSaturation, f.hairValue * 0.62),
    };
  }
};

const fringe: Layer = (f, p) => [
  {
    frame: 'head',
    part: 'hair',
    distance: (x, y) => {
      const cap = ellipse(x, y, 0, FACE_Y - 0.06, f.faceWidth + f.hairVolume * 0.55, f.faceHeight + f.hairVolume * 0.45, 2.2);
      const off = x - f.parting * f.faceWidth;
      return Math.max(cap, y - (FACE_Y + f.fringe) + 0.22 * Math.abs(off) - 0.9 * off ** 2);
    },
    colour: (out, x, y) => hairColour(out, f, p, x, y),
  },
];

const glasses: Layer = (f, { dx, dy }) => {
  const cy = f.eyeY + dy;
  const rim = (side: number, x: number, y: number) =>
    Math.abs(ellipse(x, y, side * f.eyeSpacing + dx, cy + 0.01, 0.128, 0.098, 2.8)) - 0.012;
  const strength = clamp((f.glasses - 0.3) * 6, 0, 1);
  if (strength === 0) return [];
  return [
    {
      frame: 'head',
      part: 'glasses',
      within: [dx, cy, 0.37],
      distance: (x, y) => {
        const bridge = Math.max(Math.abs(y - cy + 0.01) - 0.01, Math.abs(x - dx) - (f.eyeSpacing - 0.12));
        return Math.min(rim(-1, x, y), rim(1, x, y), bridge);
      },
      opacity: () => strength,
      colour: (out) => hsv(out, 0.07, 0.3, 0.13),
    },
  ];
};

const LAYERS: readonly Layer[] = [
  background,
  hairBehind,
  clothingAndNeck,
  ears,
  face,
  nose,
  mouth,
  eyesAndBrows,
  fringe,
  glasses,
];
