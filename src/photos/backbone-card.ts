import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { networkName } from '../stylegan/network-name.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in hex');
const positive = z.number().int().min(1);
const perChannel = z.tuple([z.number(), z.number(), z.number()]).readonly();

const tap = z.strictObject({
  /** Name of the output of the ONNX file. */
  name: z.string().min(1),
  channels: positive,
  /** Pixels of the picture on a side of one of the map. */
  stride: positive,
  /** null: a map [1, C, r, r]. A number: tokens [1, n + r·r, C], of which the first n are no pixels (class and register tokens). */
  leadingTokens: z.number().int().min(0).nullable(),
});

const input = z.strictObject({
  /** Name of the input of the ONNX file: float32 [1, 3, S, S], RGB, (value − mean)/std of values from 0 to 1. */
  name: z.string().min(1),
  /** S where none is asked for: pixels on a side of the square that a picture is fitted into. */
  size: positive.max(4096),
  /** Sizes have to be multiples of it; null: the network takes `size` alone. */
  step: positive.nullable(),
  mean: perChannel,
  std: perChannel,
});

/** The content of `backbone.json`. */
export const backboneCardSchema = z
  .strictObject({
    format: z.literal(1),
    /** backboneId: names what the backbone computes, whatever it is called. */
    id: sha256,
    name: networkName,
    input,
    /** In the order in which their channels make up a feature vector, within one resolution. */
    taps: z.array(tap).min(1),
    files: z.strictObject({ 'backbone.onnx': sha256 }),
    /** Where the weights come from. */
    source: z.string().min(1),
    licence: z.string().min(1),
    /** What the user should know. */
    note: z.string(),
  })
  .superRefine((card, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { size, step, std } = card.input;
    if (step !== null && size % step !== 0) problem('input', `size must be a multiple of ${step}`);
    if (std.some((value) => value <= 0)) problem('input', 'std must be above 0');
    if (card.taps.some(({ stride }) => size % stride !== 0)) problem('taps', `strides must divide ${size}`);
    if (new Set(card.taps.map(({ name }) => name)).size < card.taps.length) problem('taps', 'must have different names');
    if (backboneId(card) !== card.id) problem('id', 'does not match the other fields');
  });

export type BackboneCard = Readonly<z.infer<typeof backboneCardSchema>>;

/** sha256 in hex over the file, its taps and what its input has to be. Name, licence and the usual size do not count. */
export function backboneId({ input: { name, mean, std }, taps, files }: Pick<BackboneCard, 'input' | 'taps' | 'files'>): string {
  return createHash('sha256')
    .update(canonicalJson({ input: { name, mean: [...mean], std: [...std] }, taps, files }))
    .digest('hex');
}
