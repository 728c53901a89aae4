import { DatasetGanError } from '../../errors.ts';
import { numberOf, type ResultEntry } from './result-entry.ts';

/** In pixels of the picture; it may reach beyond. */
export interface PictureBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The rectangle of a region; of a turned one, the upright one around it.
 * @throws DatasetGanError `bad-annotation` when it cannot be read
 */
export function boxOfValue({ name, value }: ResultEntry, width: number, height: number): PictureBox {
  const numbers = [value.x, value.y, value.width, value.height, value.rotation ?? 0].map(numberOf);
  const missing = numbers.indexOf(null);
  if (missing !== -1) throw new DatasetGanError('bad-annotation', `The ${name} has no ${missing < 2 ? 'place' : 'size'}.`);
  const [x, y, w, h, degrees] = numbers as [number, number, number, number, number];
  const turn = (degrees / 180) * Math.PI;
  const corner = { x: (x / 100) * width, y: (y / 100) * height };
  const across = { x: (w / 100) * width * Math.cos(turn), y: (w / 100) * width * Math.sin(turn) };
  const down = { x: -(h / 100) * height * Math.sin(turn), y: (h / 100) * height * Math.cos(turn) };
  const xs = [0, across.x, down.x, across.x + down.x].map((shift) => corner.x + shift);
  const ys = [0, across.y, down.y, across.y + down.y].map((shift) => corner.y + shift);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
