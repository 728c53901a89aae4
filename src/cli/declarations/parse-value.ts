import { InvalidArgumentError } from 'commander';

/** Reads the values of options. Each throws InvalidArgumentError, whose message says what would be right. */

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

export function share(max: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (value >= 0 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a share from 0 to ${max}, for example 0.1.`);
  };
}

/** Layers that psi applies to. */
export function cutoff(text: string): number | 'none' {
  return text === 'none' ? text : number(text);
}

/** `a,b` */
export function list(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}

/** `new`, `files` or the number of a project. */
export function destination(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

export function rules(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidArgumentError(
      `It must be JSON, for example '{"present": ["Hair"], "pieces": 3}': ${(cause as Error).message}`,
    );
  }
}

/** `3`, `0,4,7` or `all` */
export function classes(text: string): number | number[] | 'all' {
  if (text === 'all') return text;
  if (!/^\d{1,7}(?:,\d{1,7})*$/.test(text))
    throw new InvalidArgumentError('Use a number, numbers with commas between them, or all.');
  const numbers = text.split(',').map(Number);
  return numbers.length === 1 ? numbers[0]! : numbers;
}

/** Seeds on one sheet. */
const MAX_SEEDS = 256;

/** `0-7`, `3`, `1,4,10-12` */
export function seeds(text: string): number[] {
  const found: number[] = [];
  for (const part of text.split(',')) {
    const [, from, to] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to ?? from)];
    if (from === undefined || last < first || last - first + found.length >= MAX_SEEDS)
      throw new InvalidArgumentError(`Use at most ${MAX_SEEDS} seeds, for example 0-7 or 1,5,20-29.`);
    for (let seed = first; seed <= last; seed++) found.push(seed);
  }
  return found;
}

/** `64:448`: the first row, and the one after the last. */
export function rows(text: string): { from: number; to: number } {
  const [, from, to] = /^(\d{1,4}):(\d{1,4})$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from: Number(from), to: Number(to) };
  throw new InvalidArgumentError('Give the first row and the one after the last, for example 64:448.');
}

/** `0.485,0.456,0.406`: one number for each of red, green and blue. */
export function perChannel(text: string): [number, number, number] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [red, green, blue, ...more] = numbers;
  if (more.length === 0 && numbers.length === 3 && numbers.every(Number.isFinite)) return [red!, green!, blue!];
  throw new InvalidArgumentError('Give three numbers with commas between them, such as 0.5,0.5,0.5.');
}
