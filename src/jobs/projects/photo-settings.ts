import { DatasetGanError } from '../../errors.ts';
import type { ExtraParams } from '../../label-studio/requests/setup-request.ts';
import { type Backbone, findBackbone } from '../../photos/backbone.ts';
import { type PhotoView, photoView } from '../../photos/photo-network.ts';
import { USUAL_BACKBONE } from '../../photos/published-backbones.ts';
import type { Project } from '../../store/schema.ts';
import type { DataFolder } from '../product/data-folder.ts';

/** What looks at the photographs of a project. */
export interface PhotoSettings {
  readonly backbone: Backbone;
  readonly view: PhotoView;
}

/** Whether a project has the user's own pictures: nothing is generated in it. */
export const hasPhotographs = ({ extra }: Pick<Project, 'extra'>): boolean => (extra as ExtraParams).source === 'photos';

/** @throws DatasetGanError `unknown-backbone`, `bad-backbone`; `bad-request` for a working size that the backbone does not take */
export async function photoSettings(
  { backbones }: Pick<DataFolder, 'backbones'>,
  { backbone: name = USUAL_BACKBONE, working_size: size }: ExtraParams,
): Promise<PhotoSettings> {
  const backbone = await findBackbone(backbones, name);
  return { backbone, view: photoView(backbone.card, size) };
}

/** Of a project of photographs, where something is to be generated. */
export function nothingGenerated({ ls_id: id }: Pick<Project, 'ls_id'>): DatasetGanError {
  return new DatasetGanError('bad-request', `Project ${id} has photographs. Nothing can be generated from them.`, {
    fix: `Import more photographs into it. Export them with: datasetgan export ${id} --from-annotations`,
  });
}
