import type { Project as LabelStudioProject } from '../../label-studio/client/projects.ts';
import { patchProject } from '../../label-studio/client/projects.ts';
import { type Instructions, type NoticeLine, withNotice } from '../../label-studio/instructions/notice.ts';
import { masklessControls } from '../../label-studio/label-config/maskless-controls.ts';
import { listJobs } from '../../store/jobs.ts';
import { requireProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { Links } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { type LinkedProject, linkProject } from './linked-project.ts';
import { projectProblem } from './project-problem.ts';
import { unreadTasks } from './unread-tasks.ts';

/** With these, Label Studio lets us write nothing, or it is not the project that is meant. */
const UNTOLD = new Set([
  'label-studio-down',
  'label-studio-unauthorized',
  'label-studio-gone',
  'bad-token',
  'wrong-server',
  'cancelled',
]);
/** Work that the annotators wait for without seeing it; what is wrong with a training is the project's problem already. */
const UNSEEN_WORK = ['seed', 'read', 'refresh'] as const;

/**
 * Writes what is wrong with the project, and what was not learnt from its annotations, to where the annotators read it: into its labelling instructions,
 * apart from the user's text. It goes when it is fixed. What fails here fails nothing else; the reconciler tries again.
 * @param seen the project as it was read a moment ago; with it, Label Studio is asked only when there is something to write
 */
export async function tellAnnotators(
  product: Links & Pick<Product, 'log'>,
  key: string,
  signal: AbortSignal,
  seen?: Pick<LinkedProject, 'found'>,
): Promise<void> {
  try {
    const row = await requireProject(product.store.db, key);
    if (!hasOurWords(row)) return;
    const disconnected = row.state === 'disconnected';
    if (!disconnected && UNTOLD.has(row.problem?.code ?? '')) return;
    const notice = disconnected ? NOTHING : await noticeOf(product, row);
    if (seen !== undefined && changed(seen.found, notice) === undefined) return;
    // Read again: what the user has just changed there must stay.
    const { connection, found } = await linkProject(product, key, signal);
    const wanted = changed(found, notice);
    if (wanted === undefined) return;
    const { text, shown } = wanted;
    const opening = shown === (found.show_instruction === true) ? {} : { show_instruction: shown };
    await patchProject(connection, row.ls_id, { expert_instruction: text, ...opening }, signal);
  } catch (err) {
    if (!signal.aborted) product.log.warn({ err, project: key }, 'writing a problem into the labelling instructions failed');
  }
}

/** Not in projects that somebody made for other things, nor in the orders project, whose tasks say what is wrong with them. */
function hasOurWords({ kind, state, dataset_id: dataset }: Project): boolean {
  if (state === 'gone' || state === 'connecting') return false;
  return kind === 'labelling' || (kind === 'dataset' && dataset !== null);
}

interface Notice {
  readonly lines: readonly NoticeLine[];
  /** Somebody must do something. */
  readonly urgent: boolean;
}

const NOTHING: Notice = { lines: [], urgent: false };

async function noticeOf({ store }: Pick<Product, 'store'>, row: Project): Promise<Notice> {
  const { key, problem, annotations } = row;
  const failed = await Promise.all(
    UNSEEN_WORK.map((kind) => listJobs(store.db, { projectKey: key, kinds: [kind], states: ['completed', 'failed'], limit: 1 })),
  );
  const errors = failed.flatMap(([job]) => (job?.error == null || UNTOLD.has(job.error.code) ? [] : [job.error]));
  const wrong = [...(problem === null ? [] : [problem]), ...errors].map((error) => {
    const { message, fix } = projectProblem(error);
    return { what: message, fix };
  });
  const { rejected = [], notes = [] } = annotations ?? {};
  // The config that was read last: one that cannot be read is a problem, and not recorded.
  const maskless = row.kind === 'labelling' ? masklessControls(row.label_config) : [];
  const unread = await unreadTasks(store.db, row);
  const lines = [...wrong, ...[...new Set([...unread, ...rejected]), ...notes, ...maskless].map((what) => ({ what }))];
  return { lines, urgent: wrong.length + unread.length + rejected.length > 0 };
}

const changed = ({ expert_instruction: text, show_instruction: shown }: LabelStudioProject, { lines, urgent }: Notice) =>
  withNotice({ text: text ?? '', shown: shown === true } satisfies Instructions, lines, urgent);
