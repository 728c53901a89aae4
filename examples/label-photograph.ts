/** Labels a photograph with a model file: node label-photograph.ts MODEL.onnx PHOTOGRAPH MASK.png (onnxruntime-node, sharp). */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const [model, photograph, mask] = process.argv.slice(2) as [string, string, string];
const session = await InferenceSession.create(model);
const picture = sharp(photograph).autoOrient().flatten({ background: 'white' }).toColourspace('srgb');
const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
const input = new Tensor('uint8', data, [1, info.height, info.width, 3]);
const { label_map } = await session.run({ photograph: input }, ['label_map']);
const raw = { width: info.width, height: info.height, channels: 1 } as const;
await sharp(label_map!.data as Uint8Array, { raw })
  .toColourspace('b-w')
  .png()
  .toFile(mask);
