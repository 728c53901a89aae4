/** Saturation and value of every default colour; only the hue differs. */
const SATURATION = 0.4;
const VALUE = 0.75;
const GOLDEN_RATIO = 0.618033988749895;

/**
 * The colour that Label Studio's editor gives a label whose config names none, `#rrggbb`. Its hue is a whole number h from 0 to 360, drawn by RC4 with the
 * label's value as the key, and turned to (h + h / 0.618) mod 360 (the library PleaseJS, make_color with a seed).
 */
export function defaultColour(value: string): string {
  const drawn = Math.floor(firstDraw(value) * 361);
  const hue = (drawn + drawn / GOLDEN_RATIO) % 360;
  const channel = (n: number) => {
    const k = (n + hue / 60) % 6;
    return Math.floor(255 * VALUE * (1 - SATURATION * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return `#${[channel(5), channel(3), channel(1)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The first eight bytes of RC4's key stream, the lowest first, as a share of 2^64. */
function firstDraw(key: string): number {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number) => {
    [state[i], state[j]] = [state[j]!, state[i]!];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + (key.length === 0 ? 0 : key.charCodeAt(i % key.length))) % 256;
    swap(i, j);
  }
  let share = 0;
  for (let i = 1, j = 0, scale = 1; i <= 8; i++, scale *= 256) {
    j = (j + state[i]!) % 256;
    swap(i, j);
    share += state[(state[i]! + state[j]!) % 256]! * scale;
  }
  return share / 2 ** 64;
}
