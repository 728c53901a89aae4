import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { parseLabelConfig } from '../label-studio/label-config/parse-label-config.ts';
import type { ExtraParams, SetupRequest } from '../label-studio/requests/setup-request.ts';
import { projectKey, updateProject, upsertProject } from '../store/projects.ts';
import { json } from '../store/rows.ts';
import type { Project } from '../store/schema.ts';
import { classOfSeed } from '../stylegan/class-rule.ts';
import type { SetupAnswer } from './backend.ts';
import { generatorOf } from './linked-project.ts';
import type { Product } from './product.ts';
import { parseUid, projectOfUid } from './project-of-uid.ts';
import { wake } from './project-rest.ts';
import { labelsKey } from './review-config.ts';

/** Label Studio waits three seconds for /setup. */
const PATIENCE = 2200;

/**
 * Records the project and answers its current version. Nothing else: Label Studio calls this twice while connecting, once before its row
 * exists, and before every prediction round. A project that cannot work is refused while it is new, because only then Label Studio shows
 * the reason; afterwards the reason goes to the project's record.
 */
export async function setup(product: Product, request: SetupRequest): Promise<SetupAnswer> {
  if (parseUid(request.project) === undefined) return { modelVersion: null };
  const known = await projectOfUid(product, request.project);
  if (known !== undefined) {
    await prove(product, known, request);
    // A dataset project is not ours to fill: whatever the connect form asks for, it is not seeded.
    if (known.kind === 'labelling') await review(product, known, request);
    await wake(product, known);
    return { modelVersion: known.current_version };
  }
  try {
    await connect(product, request);
    return { modelVersion: null };
  } catch (error) {
    if (!(error instanceof DatasetGanError)) throw error;
    product.log.warn({ err: error, project: request.project }, 'a project was refused');
    return { refusal: [error.message, error.fix].filter((line) => line !== undefined).join(' ') };
  }
}

async function connect(product: Product, request: SetupRequest): Promise<void> {
  const config = parseLabelConfig(request.schema);
  const generator = await generatorOf(product, { generator: request.extraParams.generator ?? null });
  const { seed_tasks: tasks = 0, classes = null } = request.extraParams;
  // Said in the connect dialog, not later by a job that nobody looks at.
  if (tasks > 0 || classes !== null) classOfSeed(classes, generator.card, 0);
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
