import { z } from 'zod';

/** Header of the webhooks we make; an event that carries another value is ignored. */
export const SECRET_HEADER = 'X-DatasetGAN-Secret';

/** `POST /webhook`: something happened in a project. Only a hint; what is true is read through the API. */
export interface WebhookEvent {
  /** Empty when the body names none. */
  readonly action: string;
  readonly projectId: number | null;
  /** ISO time, to tell projects of several servers apart. */
  readonly projectCreatedAt: string | null;
  /** As the project has it now; null where the event does not say. */
  readonly labelConfig: string | null;
  readonly taskIds: readonly number[];
  readonly annotationIds: readonly number[];
  /** Of TASKS_CREATED: whether any of the tasks came with annotations. */
  readonly hasAnnotations: boolean;
}

const oneOrMany = <T extends z.ZodType>(schema: T) =>
  z
    .unknown()
    .optional()
    .transform((value) =>
      (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((entry) => schema.safeParse(entry).data ?? []),
    );

const projectSchema = z
  .object({
    id: z.int().min(1).nullable().catch(null),
    created_at: z.string().nullable().catch(null),
    label_config: z.string().nullable().catch(null),
  })
  .nullable()
  .catch(null);
const taskSchema = z.object({
  id: z.number(),
  total_annotations: z.number().catch(0),
  annotations: z.array(z.unknown()).catch([]),
});
const annotationSchema = z.object({ id: z.number(), task: z.number().nullable().catch(null) });

// The keys of Label Studio's actions: singular ones hold an object or a list, plural ones a list.
const bodySchema = z.object({
  action: z.string().catch(''),
  project: projectSchema,
  task: oneOrMany(taskSchema),
  tasks: oneOrMany(taskSchema),
  annotation: oneOrMany(annotationSchema),
  annotations: oneOrMany(annotationSchema),
});

/**
 * Reads the body of any action, also of actions and versions we do not know: whatever is missing or has another form counts as absent.
 * Never throws, because Label Studio switches a webhook off that is answered with errors.
 */
export function parseWebhookEvent(body: unknown): WebhookEvent {
  const { action, project, ...lists } = bodySchema.safeParse(body).data ?? bodySchema.parse({});
  const tasks = [...lists.task, ...lists.tasks];
  const annotations = [...lists.annotation, ...lists.annotations];
  const taskIds = [...tasks.map(({ id }) => id), ...annotations.flatMap(({ task }) => task ?? [])];
  return {
    action,
    projectId: project?.id ?? null,
    projectCreatedAt: project?.created_at ?? null,
    labelConfig: project?.label_config ?? null,
    taskIds: [...new Set(taskIds)],
    annotationIds: annotations.map(({ id }) => id),
    hasAnnotations: tasks.some((task) => task.total_annotations > 0 || task.annotations.length > 0),
  };
}

/** Events after which the annotations of a project are, or may be, others than before. START_TRAINING is the button in Settings → Model. */
export const TRAIN_EVENTS: ReadonlySet<string> = new Set([
  'ANNOTATION_CREATED',
  'ANNOTATIONS_CREATED',
  'ANNOTATION_UPDATED',
  'ANNOTATION_DELETED',
  'ANNOTATIONS_DELETED',
  'TASKS_DELETED',
  'START_TRAINING',
]);
