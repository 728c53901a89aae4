import type { ProjectPictures } from '../../api/answers.ts';
import type { PicturesPage } from '../../api/backend.ts';
import { countTasks, pageOfTasks } from '../../store/tasks.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { hasTruth } from '../../stylegan/portraits/truth.ts';
import type { Product } from '../product/product.ts';
import { findProject } from '../projects/find-project.ts';
import { generatorOf, imageOf } from '../projects/linked-project.ts';
import { imageOfTask, taskUrl } from '../projects/task-picture.ts';

const SEEDS = 2 ** 32;
/** Pictures of a page unless told otherwise. */
const USUAL_PAGE = 24;

/**
 * A page of a project's pictures: those of its tasks, by task number, or those of seeds. Tasks that show another generator's pictures are left out: no
 * version of the project sees those.
 * @throws DatasetGanError as findProject, generatorOf and imageOf
 */
export async function picturesOf(
  product: Pick<Product, 'store' | 'generators'>,
  id: string,
  { of = 'tasks', start = 0, limit = USUAL_PAGE, psi }: PicturesPage,
): Promise<ProjectPictures> {
  const { db } = product.store;
  const project = await findProject(db, id);
  const generator = await generatorOf(product, project);
  const { id: own } = generator.card;
  const shown = (image: ImageIdentity, task: PictureView['task']) => view({ ...image, psi: psi ?? image.psi }, task);
  if (of === 'seeds') {
    const seeds = Array.from({ length: Math.min(limit, SEEDS - start) }, (_, i) => start + i);
    return { total: SEEDS, generator: own, pictures: seeds.map((seed) => shown(imageOf(project, generator, seed), null)) };
  }
  const tasks = await pageOfTasks(db, { projectKey: project.key, generator: own, offset: start, limit });
  return {
    total: await countTasks(db, project.key, own),
    generator: own,
    pictures: tasks.map((task) => shown(imageOfTask(task), { id: task.task_id, url: taskUrl(project, task.task_id) })),
  };
}

type PictureView = ProjectPictures['pictures'][number];

function view(image: ImageIdentity, task: PictureView['task']): PictureView {
  const { seed, class: label, psi, cutoff } = image;
  return { seed, class: label, psi, cutoff, task, hasTruth: hasTruth(image) };
}
