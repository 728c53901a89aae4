/** What a picture is asked for by, as the controls say it. */
export interface PictureChoice {
  readonly seed: number;
  readonly psi: number;
  /** Layers that psi acts on; all of them: no cutoff. */
  readonly cutoff: number;
  /** Of a generator with classes. */
  readonly class: number;
  /** A second seed, and its share. */
  readonly mix: number;
  readonly share: number;
}

export const LARGEST_SEED = 2 ** 32 - 1;

/** What a generator can be asked for. */
export interface Generator {
  /** Its id: it stays when the generator is renamed, so that a browser never shows a picture of another one. */
  readonly id: string;
  readonly classes: number;
  readonly layers: number;
}

interface AddressOptions {
  /** Pixels, at most. */
  readonly width?: number;
  /** Between this picture and that of the second seed. */
  readonly mixed?: boolean;
}

/** Address of a picture. */
export function pictureAddress(
  { id, classes, layers }: Generator,
  choice: PictureChoice,
  { width, mixed = false }: AddressOptions = {},
): string {
  const { seed, psi, cutoff, class: imageClass, mix, share } = choice;
  const query = {
    psi: String(psi),
    cutoff: cutoff >= layers ? 'none' : String(cutoff),
    ...(classes > 0 ? { class: String(imageClass) } : {}),
    ...(mixed ? { mix: String(mix), share: String(share) } : {}),
    ...(width === undefined ? {} : { width: String(width) }),
  };
  return `/api/generators/${encodeURIComponent(id)}/images/${seed}.png?${new URLSearchParams(query)}`;
}

/** A typed seed as one that there is; undefined for what is none. */
export function seedOf(text: string): number | undefined {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value <= LARGEST_SEED ? value : undefined;
}
