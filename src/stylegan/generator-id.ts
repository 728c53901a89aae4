import { createHash } from 'node:crypto';
import type { TensorMap } from './tensor-map.ts';

/** What decides a generator's pictures and feature maps. Name, licence and the psi default do not. */
export interface GeneratorIdentity {
  readonly family: string;
  /** networkHash: weights, noise constants and w_avg. */
  readonly networkSha256: string;
  readonly epsilon: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly taps: readonly { readonly name: string }[];
  readonly rows: { readonly from: number; readonly to: number };
  readonly labelSize: { readonly width: number; readonly height: number };
}

const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

/** sha256 in hex over the identity, written as JSON arrays in a fixed order. */
export function generatorId(identity: GeneratorIdentity): string {
  const { family, networkSha256, epsilon, settings, taps, rows, labelSize } = identity;
  return hex(
    JSON.stringify([
      ['family', family],
      ['network', networkSha256],
      ['epsilon', epsilon],
      ['settings', Object.entries(settings).sort(byName)],
      ['taps', taps.map(({ name }) => name)],
      ['rows', rows.from, rows.to],
      ['labels', labelSize.width, labelSize.height],
    ]),
  );
}

/** sha256 in hex over all tensors in the order of their names: name and dims as JSON, then the float32 data, little-endian. */
export function networkHash(tensors: TensorMap): string {
  const hash = createHash('sha256');
  for (const [name, { dims, data }] of [...tensors].sort(byName)) {
    hash.update(JSON.stringify([name, dims]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
