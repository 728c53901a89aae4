import type { Project } from '../../store/schema.ts';
import type { SourcesContext } from '../product/contexts.ts';
import { generatorOf } from '../projects/linked-project.ts';
import { hasPhotographs, photoSettings } from '../projects/photo-settings.ts';
import { generatedPictures } from './generated-pictures.ts';
import { photographs } from './photographs.ts';
import type { PictureSource } from './picture-source.ts';

/** Where the pictures of a project come from. @throws DatasetGanError `unknown-generator`; photoSettings's */
export async function sourceOf(product: SourcesContext, project: Project): Promise<PictureSource> {
  if (!hasPhotographs(project)) return generatedPictures(product, project, await generatorOf(product, project));
  return photographs(product, project, await photoSettings(product.folder, project.extra));
}
