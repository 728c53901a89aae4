import { z } from 'zod';
import { generatorId } from './generator-id.ts';
import { networkName } from './network-name.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in hex');
const positive = z.number().int().min(1);
const numbers = z.array(z.number()).readonly();

const tap = z.strictObject({
  /** Layer whose output it is; the value `tap.NAME` of synthesis.onnx. */
  name: z.string().min(1),
  channels: positive,
  resolution: positive,
});

/** The content of `generator.json`. Sizes are in pixels. */
export const generatorCardSchema = z
  .strictObject({
    format: z.literal(1),
    /** generatorId: names what the generator computes, whatever it is called. */
    id: sha256,
    name: networkName,
    family: z.enum(['stylegan1', 'stylegan2', 'stylegan3']),
    /** R: synthesis.onnx gives [N, 3, R, R]. */
    resolution: positive.min(4).max(2048),
    /** Rows `from` … `to` - 1 of the R × R picture are the picture that is shown and labelled; the others are padding. */
    rows: z.strictObject({ from: z.number().int().min(0), to: positive }),
    /** Size of label maps: the shown picture at the width of the labels. */
    labelSize: z.strictObject({ width: positive, height: positive }),
    zDim: positive,
    /** Number of classes; 0 for a generator without. */
    cDim: z.number().int().min(0),
    wDim: positive,
    numWs: positive,
    /** Default truncation psi. */
    psi: z.number(),
    /** Default cutoff: psi acts on ws[l] for l < cutoff; null: on all. */
    cutoff: z.number().int().min(0).nullable(),
    /** Added under the square roots of the normalisations. */
    epsilon: z.number().positive(),
    /** The mean of w, towards which psi < 1 pulls. */
    wAvg: z.array(z.number()),
    /** Further arguments of the family's builder. */
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.null(), numbers, z.array(numbers).readonly()])),
    /** networkHash of the tensors that the files were built from. */
    networkSha256: sha256,
    /** In the order in which their channels make up a feature vector. */
    taps: z.array(tap).min(1),
    /** sha256 of each file. */
    files: z.strictObject({ 'mapping.onnx': sha256, 'synthesis.onnx': sha256 }),
    /** Where the weights come from. */
    source: z.string().min(1),
    licence: z.string().min(1),
    /** null: not known. */
    commercialUse: z.boolean().nullable(),
    /** What the user should know, shown wherever the generator is named. */
    note: z.string(),
  })
  .superRefine((card, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { rows, labelSize, resolution, taps } = card;
    if (rows.from >= rows.to || rows.to > resolution) problem('rows', `must be within the ${resolution} rows of the image`);
    if ((rows.from * labelSize.width) % resolution !== 0) problem('rows', 'must begin at a whole row of labels');
    if (labelSize.width < resolution && resolution % labelSize.width !== 0) problem('labelSize', `must divide ${resolution}`);
    if (labelSize.height * resolution !== labelSize.width * (rows.to - rows.from))
      problem('labelSize', `must have the shape of the picture, ${resolution} × ${rows.to - rows.from}`);
    if (card.cutoff !== null && card.cutoff > card.numWs) problem('cutoff', `must be at most ${card.numWs}`);
    if (card.wAvg.length !== card.wDim) problem('wAvg', `must have ${card.wDim} numbers`);
    if (new Set(taps.map(({ name }) => name)).size < taps.length) problem('taps', 'must have different names');
    if (generatorId(card) !== card.id) problem('id', 'does not match the other fields');
  });

export type GeneratorCard = Readonly<z.infer<typeof generatorCardSchema>>;
