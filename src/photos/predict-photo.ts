import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { type LabelledPicture, labelPicture } from '../interpreter/inference/label-picture.ts';
import { countLabels } from '../interpreter/sampling/annotation.ts';
import { loadVersion } from '../interpreter/versions/version.ts';
import type { Backbone } from './backbone.ts';
import { framedPhoto, type PhotoFile } from './photo-files.ts';
import { labelsOfPhoto, pointOfPhoto } from './photo-frame.ts';
import { photoNetwork } from './photo-network.ts';
import type { PhotoVersionRecord } from './train-photo-version.ts';

export interface PredictPhotoInput {
  readonly backbone: Backbone;
  readonly photo: PhotoFile;
  readonly versionFile: string;
}

/** What a version sees in a photograph, at the photograph's own size. */
export type PhotoPrediction = Omit<LabelledPicture, 'jsMap'>;

/**
 * Labels, keypoints and uncertainty of one photograph by one version.
 * @throws DatasetGanError `version-lost`; `unknown-version` when the version is of another backbone; `bad-photo`
 */
export async function predictPhoto(
  { backbone, photo, versionFile }: PredictPhotoInput,
  context: EngineContext,
): Promise<PhotoPrediction> {
  const version = await loadVersion<PhotoVersionRecord>(versionFile);
  const { id, backbone: known, size, labelSide } = version.record;
  if (known !== backbone.card.id)
    throw new DatasetGanError('unknown-version', `Version ${id} was trained on another backbone than '${backbone.card.name}'.`, {
      fix: 'Use the backbone that it was trained on.',
    });
  const framed = await framedPhoto(photo, size);
  const network = photoNetwork(backbone, { size, labelSide }, () => Promise.resolve(framed), {
    keyOf: () => photo.photo,
    nameOf: () => photo.name,
  });
  const { labelMap, js, score, keypoints } = await labelPicture(context, network, { photo: photo.photo }, version);
  const frame = { ...framed.frame, side: labelSide };
  const own = labelsOfPhoto(labelMap, frame);
  return {
    width: own.width,
    height: own.height,
    labelMap: context.transfer(own.data),
    areas: [...countLabels(own.data, version.record.labels.length)],
    js,
    score,
    keypoints: keypoints.map((seen) => ({ ...seen, ...pointOfPhoto(seen, frame) })),
  };
}
export const predictPhotoTask = engineTask(import.meta.url, predictPhoto);
