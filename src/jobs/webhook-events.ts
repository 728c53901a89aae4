import { TRAIN_EVENTS } from '../label-studio/requests/train-events.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';
import { sourcesOf } from '../store/dataset-projects.ts';
import { findProjectsByLsId } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';
import { wake } from './project-rest.ts';

const TASKS = new Set(['TASKS_CREATED', 'TASKS_DELETED']);

/**
 * What an event makes us look at. It is only a hint: bodies are unsigned, may be lost, and our own imports and changes come back as events.
 * An event that starts nothing is "not known", which is answered with 2xx like any other.
 */
export async function webhookEvent(product: Product, event: WebhookEvent): Promise<{ known: boolean }> {
  if (event.projectId === null) return { known: TRAIN_EVENTS.has(event.action) };
  const projects = await findProjectsByLsId(product.store.db, event.projectId);
  const meant = projects.filter((project) => isMeant(project, event));
  const started = await Promise.all(meant.map((project) => start(product, project, event)));
  return { known: started.some(Boolean) || TRAIN_EVENTS.has(event.action) };
}

function isMeant(project: Project, { projectCreatedAt }: WebhookEvent): boolean {
  if (projectCreatedAt === null) return true;
  return Math.floor(Date.parse(projectCreatedAt) / 1000) === project.created_at_unix;
}

async function start(product: Product, project: Project, { action, hasAnnotations }: WebhookEvent): Promise<boolean> {
  const { key, kind, state } = project;
  await wake(product, project);
  if (kind === 'labelling' && state !== 'disconnected') {
    if (TRAIN_EVENTS.has(action) || (action === 'TASKS_CREATED' && hasAnnotations))
      await product.queues.enqueue('train', { projectKey: key });
    else if (action === 'PROJECT_UPDATED') await product.queues.enqueue('reconcile', { projectKey: key });
    else return false;
    return true;
  }
  // Our own import of a dataset comes back as TASKS_CREATED; what people import there is noticed by polling.
  if (kind === 'dataset' && TRAIN_EVENTS.has(action)) {
    const sources = (await sourcesOf(product.store.db, key)).filter((source) => source.state === 'connected');
    for (const source of sources) await product.queues.enqueue('train', { projectKey: source.key });
    return sources.length > 0;
  }
  if (kind === 'orders' && (TRAIN_EVENTS.has(action) || TASKS.has(action))) {
    await product.queues.enqueue('orders', { projectKey: key });
    return true;
  }
  return false;
}
