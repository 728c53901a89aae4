import { timingSafeEqual } from 'node:crypto';
import type { SetupAnswer } from '../../api/backend.ts';
import { DatasetGanError, inOneLine } from '../../errors.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import type { SetupRequest } from '../../label-studio/requests/setup-request.ts';
import type { Project } from '../../store/schema.ts';
import type { ProjectsContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { type SetupCall, setupCall } from '../product/setup-calls.ts';
import { checkAsked } from './asked-params.ts';
import { isSwapExpected } from './expected-swap.ts';
import { isReachable, parseUid, projectOfUid } from './linked-project.ts';
import { retryNow } from './project-backoff.ts';

/** In place of a version, while the next one is trained. Label Studio shows it in the settings of the project. */
const IN_TRAINING = 'in training';

/** Milliseconds of the three seconds that Label Studio waits for /setup. */
const KEY_TIMEOUT_MS = 1500;

/**
 * Answers a project's current version (or that the next one is nearly there), and looks at the project later.
 * Anyone can send a /setup: what it says is judged, since Label Studio shows a refusal only in answer to it, but never recorded. It tells where to look;
 * what is true is read from Label Studio, by jobs. With the token that Label Studio sends for the project (see ourBackends) it comes from there. Without,
 * the answer is the same whether there is such a project or not.
 */
export async function setup(product: ProjectsContext, request: SetupRequest): Promise<SetupAnswer> {
  if (parseUid(request.project) === undefined) return { modelVersion: null };
  const call = setupCall(request);
  const isListening = product.setupCalls.note(call);
  const known = await projectOfUid(product, request.project);
  try {
    if (known !== undefined && isProven(known, call)) {
      await review(product, known, request, call);
      // A name that no stored prediction has: Label Studio asks /predict, which waits, instead of showing what the old version says.
      const soon = await isSwapExpected(product, known, product.now() + product.settings.predictWaitMs);
      return { modelVersion: soon ? IN_TRAINING : known.current_version };
    }
    parseLabelConfig(request.schema);
    await checkAsked(product, request);
    await checkKey(product, request);
    if (!isListening) await lookLater(product, call, known);
    return { modelVersion: null };
  } catch (error) {
    if (!(error instanceof DatasetGanError)) throw error;
    product.log.warn({ err: error, project: request.project }, 'a /setup was rejected');
    return { refusal: inOneLine(error) };
  }
}

/** A Label Studio that is slow, or can do one thing at a time, is no reason to refuse: the job that looks for the project asks again. */
async function checkKey(product: Pick<Product, 'connections'>, request: SetupRequest): Promise<void> {
  const patience = AbortSignal.timeout(KEY_TIMEOUT_MS);
  await product.connections.check(request, patience).catch((error: unknown) => {
    if (!patience.aborted) throw error;
  });
}

function isProven({ caller: known }: Project, { caller: sent }: SetupCall): boolean {
  return known !== null && sent !== null && timingSafeEqual(Buffer.from(known, 'hex'), Buffer.from(sent, 'hex'));
}

/**
 * Label Studio itself asks: before every prediction round, and when the connection is edited. What cannot be done is refused while it is new, because then
 * Label Studio shows the reason and stores nothing; anything else goes to the project's record.
 */
async function review(product: ProjectsContext, known: Project, request: SetupRequest, call: SetupCall): Promise<void> {
  // A dataset project is not ours to fill: whatever the connect form asks for, it is not seeded.
  const isNew = known.kind === 'labelling' && !known.backends.some(({ ours, said }) => ours && said === call.said);
  if (isNew) await checkAsked(product, request, known);
  if (needsConnecting(product, known)) await lookLater(product, call, known);
  else if (isNew) await product.queues.enqueue('reconcile', { projectKey: known.key });
  await retryNow(product, known);
}

async function lookLater(product: ProjectsContext, call: SetupCall, known: Project | undefined): Promise<void> {
  if (known === undefined || needsConnecting(product, known)) {
    product.setupCalls.wait(call);
    await product.queues.enqueue('connect', {}, { evenIfFull: true });
  } else if (product.setupCalls.doubt(call.uid, product.now())) {
    await product.queues.enqueue('reconcile', { projectKey: known.key }, { evenIfFull: true });
  }
}

/** After a restart, only the token of a /setup opens a Label Studio that no key is configured for. */
const needsConnecting = (product: Pick<Product, 'connections' | 'verifiedConnections'>, { state, host }: Project): boolean =>
  state !== 'connected' || !isReachable(product, host);
