import { fingerprint } from '../../label-studio/client/tasks.ts';
import { requireProject, updateProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { Records } from '../product/contexts.ts';
import { trainingUnderWay } from '../projects/expected-swap.ts';
import type { LinkedProject } from '../projects/linked-project.ts';
import { hasPhotographs } from '../projects/photo-settings.ts';
import { markSet, projectMarks, rulesText } from './pull-project.ts';
import { unpaintedRules } from './unpainted-rules.ts';

/**
 * Looks closer when the cheap fingerprint moved, or the project says something else about unpainted pixels now. Trains `learners` when that is so, or an
 * annotation really was made, changed, skipped or deleted.
 */
export async function noticeChanges(
  product: Records,
  { row, connection }: LinkedProject,
  learners: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { db } = product.store;
  const now = await fingerprint(connection, row.ls_id, signal);
  const rules = rulesText(unpaintedRules(row));
  const asked = row.kind === 'labelling' && row.annotations?.rules !== undefined && row.annotations.rules !== rules;
  if (row.fingerprint?.text === now && !asked) return;
  // Photographs that people imported.
  if (row.kind === 'labelling' && hasPhotographs(row)) await product.queues.enqueue('read', { projectKey: row.key });
  const marks = await projectMarks(connection, row, signal);
  // A training that is on its way will read them too, and what it read is not written down yet: look again next time.
  for (const projectKey of learners) if ((await trainingUnderWay(product, projectKey)) !== undefined) return;
  const known = json((await requireProject(db, row.key)).annotations?.set ?? []);
  if (asked || json(markSet(marks)) !== known)
    for (const projectKey of learners) await product.queues.enqueue('train', { projectKey });
  await updateProject(db, row.key, { fingerprint: json({ text: now }) });
}
