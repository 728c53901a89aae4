import type { WebhookEvent } from '../../label-studio/requests/webhook-event.ts';
import { TRAIN_EVENTS } from '../../label-studio/requests/webhook-event.ts';
import { sourcesOf } from '../../store/dataset-projects.ts';
import { findProjectsByLsId } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { ProjectsContext } from '../product/contexts.ts';
import type { LookKind } from '../product/hint-limiter.ts';
import type { Product } from '../product/product.ts';
import { hasPhotographs } from './photo-settings.ts';
import { askAboutEachTask } from './show-version.ts';

const TASKS = new Set(['TASKS_CREATED', 'TASKS_DELETED']);

interface Wanted {
  readonly kind: LookKind;
  readonly projectKey: string;
}

/**
 * What an event makes us look at. It is only a hint: bodies are unsigned, may be lost, and our own imports and changes come back as events.
 * An event that starts nothing is "not known", which is answered with 2xx like any other.
 * @param secret that it carries. An event with a wrong one is ignored; those without one, which anyone can send, have us look once in a while at most
 * (HintLimiter)
 */
export async function webhookEvent(
  product: ProjectsContext & Pick<Product, 'hints'>,
  event: WebhookEvent,
  secret?: string,
): Promise<{ known: boolean }> {
  if (secret !== undefined && secret !== product.webhookSecret) return { known: false };
  if (event.projectId === null) return { known: TRAIN_EVENTS.has(event.action) };
  const projects = await findProjectsByLsId(product.store.db, event.projectId);
  const meant = projects.filter((project) => isMeant(project, event));
  const wanted = (await Promise.all(meant.map((project) => looksAt(product, project, event)))).flat();
  for (const { kind, projectKey } of wanted) {
    const look = secret !== undefined ? { kind, startAfter: 0 } : product.hints.take(projectKey, kind, product.now());
    await product.queues.enqueue(look.kind, { projectKey }, { startAfter: look.startAfter });
    if (look.kind === 'train' && look.startAfter === 0) await beforeNextTask(product, projectKey);
  }
  return { known: wanted.length > 0 || TRAIN_EVENTS.has(event.action) };
}

/** The label stream opens the next task a moment after the submit: by then Label Studio should ask us about it. */
async function beforeNextTask(product: ProjectsContext, projectKey: string): Promise<void> {
  if (product.settings.predictWaitMs === 0) return;
  await askAboutEachTask(product, projectKey).catch((err: unknown) =>
    product.log.warn({ err, project: projectKey }, 'Label Studio could not be made to ask about each task'),
  );
}

function isMeant(project: Project, { projectCreatedAt }: WebhookEvent): boolean {
  if (projectCreatedAt === null) return true;
  return Math.floor(Date.parse(projectCreatedAt) / 1000) === project.created_at_unix;
}

async function looksAt(product: Pick<Product, 'store'>, project: Project, event: WebhookEvent): Promise<Wanted[]> {
  const { key, kind, state, failures } = project;
  const { action } = event;
  // It was left alone for a while; now its Label Studio is up.
  if (failures > 0) return [{ kind: 'reconcile', projectKey: key }];
  switch (kind) {
    case 'labelling':
      if (state === 'disconnected') return [];
      if (TRAIN_EVENTS.has(action) || (action === 'TASKS_CREATED' && event.hasAnnotations))
        return [{ kind: 'train', projectKey: key }];
      if (action === 'TASKS_CREATED' && hasPhotographs(project)) return [{ kind: 'reconcile', projectKey: key }];
      // Our own changes come back, too; of those of others, only the labels cannot wait for the reconciler.
      return action === 'PROJECT_UPDATED' && event.labelConfig !== project.label_config
        ? [{ kind: 'reconcile', projectKey: key }]
        : [];
    case 'dataset': {
      // Our own import of a dataset comes back as TASKS_CREATED; what people import there is noticed by polling.
      if (!TRAIN_EVENTS.has(action)) return [];
      const sources = (await sourcesOf(product.store.db, key)).filter((source) => source.state === 'connected');
      return sources.map((source) => ({ kind: 'train', projectKey: source.key }));
    }
    case 'orders':
      return TRAIN_EVENTS.has(action) || TASKS.has(action) ? [{ kind: 'orders', projectKey: key }] : [];
  }
}
