import { DatasetGanError, isError } from '../../errors.ts';
import { loadVersion } from '../../interpreter/versions/version.ts';
import { opsetOf, surrounded } from '../../onnx/surrounded.ts';
import { messageOf } from '../../thrown.ts';
import { writeFileWhole } from '../../write-whole.ts';
import { type Backbone, readBackboneFile } from '../backbone.ts';
import type { BackboneCard } from '../backbone-card.ts';
import { badBackbone } from '../bad-backbone.ts';
import type { PhotoVersionRecord } from '../train-photo-version.ts';
import { answerGraph } from './answer-graph.ts';
import { pictureGraph } from './picture-graph.ts';

/** Since this operator set ONNX resamples without aliasing, and reduces over axes that are inputs. */
const OPSET = 18;

/**
 * Writes a version on photographs as one ONNX file, the backbone in it: a picture of any size in, labels out, of pictureGraph and answerGraph. Its
 * metadata say what it is of. Whoever has the file needs ONNX Runtime alone.
 * @throws DatasetGanError `version-lost`; `unknown-version` when the version is of another backbone; `bad-backbone` for one that cannot be joined
 */
export async function writePhotoModel(backbone: Backbone, versionFile: string, file: string): Promise<PhotoVersionRecord> {
  const { card } = backbone;
  const version = await loadVersion<PhotoVersionRecord>(versionFile);
  const { record } = version;
  if (record.backbone !== card.id)
    throw new DatasetGanError('unknown-version', `Version ${record.id} was trained on another backbone than '${card.name}'.`, {
      fix: 'Use the backbone that it was trained on.',
    });
  const onnx = await readBackboneFile(backbone);
  const around = {
    before: pictureGraph(card, record.size),
    after: answerGraph(card, version),
    metadata: aboutModel(record, card),
  };
  await writeFileWhole(file, joined(onnx, around), { outlives: 'power-cut' });
  return record;
}

function joined(onnx: Uint8Array, around: Parameters<typeof surrounded>[1]): Uint8Array {
  try {
    const opset = opsetOf(onnx);
    if (opset < OPSET)
      throw badBackbone(
        `its operator set is ${opset}, and a model file needs ${OPSET} or later`,
        `Export it with opset_version=${OPSET}, import that, and train again.`,
      );
    return surrounded(onnx, around);
  } catch (cause) {
    if (isError(cause, 'bad-backbone')) throw cause;
    throw badBackbone(`it cannot be joined with a version: ${messageOf(cause)}`, undefined, cause);
  }
}

/** What the file says of itself: texts, lists as JSON. */
function aboutModel(record: PhotoVersionRecord, { name, licence, source }: BackboneCard): Record<string, string> {
  const { id, labels, annotatedLabels, keypoints, size, labelSide } = record;
  return {
    model: 'label-studio-datasetgan photograph model',
    version: id,
    labels: JSON.stringify(labels),
    trained_labels: JSON.stringify(annotatedLabels),
    keypoints: JSON.stringify(keypoints?.names ?? []),
    working_size: String(size),
    label_size: String(labelSide),
    picture: `uint8 RGB [1, height, width, 3], any size; the longer side is scaled to ${size} px in the model`,
    backbone: name,
    backbone_licence: licence,
    backbone_source: source,
  };
}
