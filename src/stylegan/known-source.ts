import { createHash } from 'node:crypto';

/** sha256 of the source texts of published networks, as their checkpoints carry them (UTF-8, LF, no byte-order mark). */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['53b4e1ec457171d4e2c1454d48013765ab626141c35cdd383b020950effe11a5', 'stylegan2-ada-pytorch'],
  ['b6f14e8fa2a95de4d38218fef31380c6a70de770f585107e209ff83075c307ef', 'stylegan3 (StyleGAN2 networks)'],
  ['06082fb3e8929e477f58fb8bc78e7ecb9a9209eb01444272d1d153c85a6a89f7', 'stylegan3'],
  ['bf34881e90f193de94aef009dbc786038f93a1d7c6f7c1cf1279770e462f0615', 'stylegan2-ada-pytorch of dvschultz'],
  ['e9e77f184660883fdfd9b283d3c11e076859a5e8192ee7c9b4c1c70d84c1b0b6', 'stylegan2 (TensorFlow)'],
  ['59128b51ac64d5565b79017275f51532e7797bf1a1b701f5c1316bf8c6a4c959', 'stylegan (TensorFlow)'],
  ['12317d66b0297b0b4357e0cc991bf64f6cf2dfa54380270b1573765bf913a471', 'stylegan2-ada (TensorFlow)'],
]);

export interface SourceFingerprint {
  readonly sha256: string;
  /** The published program of that text; null: none that is known. The file may still be sound: NVIDIA's own carry earlier texts. */
  readonly known: string | null;
}

/** Of the program text in a checkpoint, which is only ever hashed. null: the file carries none. */
export function sourceFingerprint(source: string): SourceFingerprint | null {
  if (source === '') return null;
  const sha256 = createHash('sha256')
    .update(source.replace(/^\ufeff/, ''))
    .digest('hex');
  return { sha256, known: KNOWN.get(sha256) ?? null };
}
