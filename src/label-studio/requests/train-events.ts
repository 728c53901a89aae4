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
