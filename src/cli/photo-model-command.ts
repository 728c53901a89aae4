import { DatasetGanError } from '../errors.ts';
import { readVersion } from '../interpreter/versions/version.ts';
import { onDisk } from '../on-disk.ts';
import { listBackbones } from '../photos/backbone.ts';
import { writePhotoModel } from '../photos/model-file/write-photo-model.ts';
import { USUAL_BACKBONE } from '../photos/published-backbones.ts';
import type { PhotoVersionRecord } from '../photos/train-photo-version.ts';
import { withBackbones } from './local-backbones.ts';

export interface PhotoModelOptions {
  readonly out: string;
}

/** `datasetgan photo-model VERSION --out FILE`: a version on photographs as one ONNX file, with the backbone that it was trained on. */
export function photoModelCommand(versionFile: string, { out }: PhotoModelOptions): Promise<number> {
  return withBackbones(async ({ root }) => {
    const { record } = await readVersion<PhotoVersionRecord>(versionFile);
    const { backbones } = await listBackbones(root);
    const backbone = backbones.find(({ card }) => card.id === record.backbone);
    if (backbone === undefined)
      throw new DatasetGanError(
        'unknown-backbone',
        `The backbone that version ${record.id} was trained on is not on this machine.`,
        {
          fix: `Fetch it with \`datasetgan backbones fetch ${USUAL_BACKBONE}\`, or import the same file again.`,
        },
      );
    await onDisk(out, () => writePhotoModel(backbone, versionFile, out));
    process.stdout.write(`${record.id} with ${backbone.card.name} is in ${out}\n`);
    return 0;
  });
}
