/**
 * An entry of an annotation's `result`, as far as it can be read. Label Studio stores whatever an import, a script or a backend sends, so nothing
 * about its form is certain.
 */
export interface ResultEntry {
  /** For messages: `region ID`, or its place in the list. */
  readonly name: string;
  /** The entries that belong to one region share it. Text or number in Label Studio, text here. */
  readonly id: string | null;
  /** Lower case; empty when there is none. */
  readonly type: string;
  /** The control that it was made with. */
  readonly fromName: string | null;
  readonly toName: string | null;
  /** Size of the picture that it was drawn on, in pixels. */
  readonly originalWidth: number | null;
  readonly originalHeight: number | null;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * @param index place in the list, from 0
 * @returns undefined when it is not an object
 */
export function readResultEntry(entry: unknown, index: number): ResultEntry | undefined {
  if (!isRecord(entry)) return undefined;
  const id = textOf(entry.id);
  return {
    name: id === null ? `region number ${index + 1}` : `region ${id}`,
    id,
    type: (textOf(entry.type) ?? '').toLowerCase(),
    fromName: textOf(entry.from_name),
    toName: textOf(entry.to_name),
    originalWidth: numberOf(entry.original_width),
    originalHeight: numberOf(entry.original_height),
    value: isRecord(entry.value) ? entry.value : {},
  };
}

/** A number that may be written as a text; null for anything else, infinite numbers included. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The texts of a list, or of one text; numbers as texts, anything else left out. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => textOf(one) ?? []);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
