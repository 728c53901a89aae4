import { DatasetGanError, toError } from '../../errors.ts';
import type { MlBackend } from '../../label-studio/client/model-versions.ts';
import { parseExtraParams } from '../../label-studio/requests/setup-request.ts';
import { setProjectProblem, updateProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { Project } from '../../store/schema.ts';
import type { ProjectsContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { askedChange, checkAsked } from './asked-params.ts';
import { callbackHosts, callbackUrl } from './ensure-webhook.ts';
import type { LinkedProject } from './linked-project.ts';
import { ourBackends } from './our-backends.ts';
import { isLinkProblem } from './project-backoff.ts';
import { projectProblem } from './project-problem.ts';

/** Problems of our rows in Label Studio. Fixing the rows ends them. */
const OWN_PROBLEMS = new Set(['connected-twice', 'bad-extra-params']);

/**
 * Takes over what Label Studio has stored of us in a project: the address at which it reaches us, the title, the extra_params. Gives that row; undefined
 * when no row leads to this server.
 * @throws DatasetGanError `cancelled`
 */
export async function reviewBackends(
  product: ProjectsContext,
  linked: LinkedProject,
  rows: readonly MlBackend[],
  signal: AbortSignal,
): Promise<MlBackend | undefined> {
  const { db } = product.store;
  const { ours, records, caller } = await ourBackends(product, linked, rows, linked.row, signal);
  const row = await updateProject(db, linked.row.key, { backends: json(records), caller });
  const [backend] = ours;
  if (backend === undefined) return undefined;
  for (const host of callbackHosts(row)) product.callbackHosts.add(host);
  const problem = (await applyParams(product, row, backend)) ?? connectedTwice(row, ours);
  await updateProject(db, row.key, {
    state: 'connected',
    backend_title: backend.title ?? '',
    callback_url: callbackUrl(product, backend),
  });
  await settleProblem(product, row, problem);
  return backend;
}

/** Why extra_params cannot be followed, if they cannot: then all stays as it was. */
async function applyParams(
  product: Pick<Product, 'store' | 'generators' | 'folder'>,
  row: Project,
  backend: MlBackend,
): Promise<DatasetGanError | undefined> {
  const params = parseExtraParams(backend.extra_params);
  try {
    const generator = await checkAsked(product, params, row);
    await updateProject(product.store.db, row.key, askedChange(params.extraParams, row, generator));
    return undefined;
  } catch (thrown) {
    const { message, fix = 'Correct them in Settings → Model.' } = toError(thrown);
    return new DatasetGanError('bad-extra-params', `The extra parameters cannot be applied: ${message}`, { fix });
  }
}

/** Label Studio asks only the first for predictions, and calls all. */
function connectedTwice({ ls_id: id }: Project, ours: readonly MlBackend[]): DatasetGanError | undefined {
  if (ours.length < 2) return undefined;
  const urls = ours.map(({ url }) => url);
  return new DatasetGanError(
    'connected-twice',
    `This server is connected to project ${id} as ${ours.length} models: ${urls.join(', ')}.`,
    {
      fix: `In Settings → Model, delete all but the first (${urls[0]}).`,
    },
  );
}

/** What is as before is not written again, and what else is wrong with the project stays said. */
async function settleProblem(
  { store }: Pick<Product, 'store'>,
  { key, problem }: Project,
  now: DatasetGanError | undefined,
): Promise<void> {
  const isOver = problem !== null && (OWN_PROBLEMS.has(problem.code) || isLinkProblem(problem));
  if (now === undefined && problem !== null && OWN_PROBLEMS.has(problem.code)) await setProjectProblem(store.db, key, null);
  if (now !== undefined && (problem === null || isOver) && problem?.message !== now.message)
    await setProjectProblem(store.db, key, projectProblem(now));
}
