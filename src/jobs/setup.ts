import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { parseLabelConfig } from '../label-studio/label-config/parse-label-config.ts';
import type { ExtraParams, SetupRequest } from '../label-studio/requests/setup-request.ts';
import { projectKey, updateProject, upsertProject } from '../store/projects.ts';
import { json } from '../store/rows.ts';
import type { Project } from '../store/schema.ts';
import type { Generator } from '../stylegan/generator.ts';
import { checkImage } from '../stylegan/image-identity.ts';
import type { SetupAnswer } from './backend.ts';
import { generatorOf, imageOf } from './linked-project.ts';
import type { Product } from './product.ts';
import { parseUid, projectOfUid } from './project-of-uid.ts';
import { wake } from './project-rest.ts';
import { labelsKey } from './review-config.ts';

/** Label Studio waits three seconds for /setup. */
const PATIENCE = 2200;

/**
 * Records the project and answers its current version. Nothing else: Label Studio calls this twice while connecting, once before its row
 * exists, when the connection is edited, and before every prediction round. A project that cannot work is refused while it is new, and an edit of
 * extra_params that cannot be done, because then Label Studio shows the reason and stores nothing; anything else goes to the project's record.
 */
export async function setup(product: Product, request: SetupRequest): Promise<SetupAnswer> {
  if (parseUid(request.project) === undefined) return { modelVersion: null };
  const known = await projectOfUid(product, request.project);
  try {
    if (known === undefined) {
      await connect(product, request);
      return { modelVersion: null };
    }
    await prove(product, known, request);
    // A dataset project is not ours to fill: whatever the connect form asks for, it is not seeded.
    if (known.kind === 'labelling') await review(product, known, request);
    await wake(product, known);
    return { modelVersion: known.current_version };
  } catch (error) {
    if (!(error instanceof DatasetGanError)) throw error;
    product.log.warn({ err: error, project: request.project }, 'a project was refused');
    return { refusal: [error.message, error.fix].filter((line) => line !== undefined).join(' ') };
  }
}

async function connect(product: Product, request: SetupRequest): Promise<void> {
  const config = parseLabelConfig(request.schema);
  const generator = await checkAsked(product, request);
  const { hostname, accessToken, project: uid } = request;
  const { connection, project } = await product.connections.resolve(
    { uid, hostname, accessToken },
    AbortSignal.timeout(PATIENCE),
  );
  product.proven.set(connection.base, connection);
  const { lsId, createdAtUnix } = parseUid(uid)!;
  const key = projectKey({ host: connection.base, lsId, createdAtUnix });
  await upsertProject(product.store.db, {
    key,
    host: connection.base,
    ls_id: lsId,
    created_at_unix: createdAtUnix,
    title: project.title,
    kind: 'labelling',
    label_config: request.schema,
    labels_key: labelsKey(config),
    generator: generator.card.name,
    ...asked(request.extraParams),
    ...classRule(request.extraParams),
    extra: json(request.extraParams),
    ...callback(product, request),
  });
  await product.queues.enqueue('reconcile', { projectKey: key });
}

/**
 * What extra_params ask for must be possible together with what the project has: said in the dialog, not later by a job that nobody looks at.
 * @throws DatasetGanError `bad-request` for what cannot be understood, a class rule or cutoff that the generator does not have, or none where it needs one;
 *   `unknown-generator`
 */
async function checkAsked(product: Product, { extraParams, notes }: SetupRequest, known?: Project): Promise<Generator> {
  if (notes.length > 0)
    throw new DatasetGanError('bad-request', `${notes.join('. ')}.`, { fix: 'Correct the extra parameters, or leave them out.' });
  const { classes, psi, cutoff, seed_tasks: tasks } = { ...known?.extra, ...extraParams } as ExtraParams;
  const named = asked(extraParams, known).generator ?? known?.generator ?? null;
  const generator = await generatorOf(product, { generator: named });
  const rule = classes ?? known?.class_rule ?? null;
  if (rule === null && (tasks ?? 0) === 0) return generator;
  checkImage(imageOf({ psi: psi ?? null, cutoff: cutoff ?? null, class_rule: rule }, generator, 0), generator.card);
  return generator;
}

/** After a restart only the token of this request may open a Label Studio that no key is configured for. */
async function prove(product: Product, known: Project, { hostname, accessToken, project: uid }: SetupRequest): Promise<void> {
  if (product.proven.has(known.host) || accessToken === undefined) return;
  const resolved = await product.connections
    .resolve({ uid, hostname, accessToken }, AbortSignal.timeout(PATIENCE))
    .catch(() => undefined);
  if (resolved !== undefined) product.proven.set(resolved.connection.base, resolved.connection);
}

/** A project that is known: what changed is recorded, and looked into outside of this request. */
async function review(product: Product, known: Project, request: SetupRequest): Promise<void> {
  const change = { ...asked(request.extraParams, known), ...callback(product, request) };
  const changed = Object.entries(change).some(([field, value]) => known[field as keyof Project] !== value);
  const extra = { ...known.extra, ...request.extraParams };
  const extraChanged = canonicalJson(extra) !== canonicalJson(known.extra);
  const reconnected = known.state === 'disconnected';
  if (extraChanged || request.notes.length > 0) await checkAsked(product, request, known);
  if (!changed && !extraChanged && !reconnected && known.state === 'connected') return;
  const state = reconnected ? ({ state: 'connecting' } as const) : {};
  await updateProject(product.store.db, known.key, {
    ...change,
    ...classRule(request.extraParams),
    ...state,
    extra: json(extra),
  });
  await product.queues.enqueue('reconcile', { projectKey: known.key });
}

/** The rule by which a generator with classes is asked; beside `extra`, which tells whether it changed. */
const classRule = ({ classes }: ExtraParams) => (classes === undefined ? {} : { class_rule: json(classes) });

/** What extra_params ask for. A number of tasks only ever grows; a generator's name that was sent before may be an old one by now. */
function asked({ seed_tasks: tasks, generator, psi, cutoff }: ExtraParams, known?: Project) {
  return {
    ...(generator === undefined || generator === known?.extra.generator ? {} : { generator }),
    ...(psi === undefined ? {} : { psi }),
    ...(cutoff === undefined ? {} : { cutoff }),
    ...(tasks === undefined ? {} : { seed_tasks: Math.max(tasks, known?.seed_tasks ?? 0) }),
  };
}

const callback = ({ settings }: Product, { host }: SetupRequest) => {
  const url = settings.callbackUrl ?? (host === undefined ? undefined : `http://${host}`);
  return url === undefined ? {} : { callback_url: url };
};
