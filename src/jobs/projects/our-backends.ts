import { toError } from '../../errors.ts';
import { callMlBackend } from '../../label-studio/client/ml-backends.ts';
import type { MlBackend } from '../../label-studio/client/model-versions.ts';
import { projectUid } from '../../label-studio/client/projects.ts';
import { isOurs } from '../../label-studio/doctor/same-server.ts';
import { parseExtraParams } from '../../label-studio/requests/setup-request.ts';
import type { BackendRecord } from '../../store/records.ts';
import type { Project } from '../../store/schema.ts';
import type { ProjectsContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { type SetupCall, saidHash } from '../product/setup-calls.ts';
import type { LinkedProject } from './linked-project.ts';

export interface FoundBackends {
  /** Those that lead to this server, the one that Label Studio asks for predictions first. */
  readonly ours: readonly MlBackend[];
  /** What is known of each, for the project's record. */
  readonly records: readonly BackendRecord[];
  /** sha256 of the token that Label Studio sends; null: not known yet. */
  readonly caller: string | null;
}

/** Milliseconds that Label Studio may take to call a backend that does not answer. */
const CALL_TIMEOUT_MS = 20_000;
/** Milliseconds until a backend is called again of which nothing arrived: four times as long each time. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 3_600_000;
/** Milliseconds until one is called again of which something arrived, because of a /setup with another token. */
const NEXT_PROOF_MS = 60_000;

/**
 * Which of a project's ML backends lead to this server. Neither a `Host` nor an address tells that, behind a proxy or in a container; so Label
 * Studio is asked to call the backend, once for each row and address, and the /setup that arrives meanwhile is the proof: it says the project's
 * label config and
 * the row's extra_params, which only Label Studio knows. Its token is kept as a hash, which proves later that a caller is Label Studio. Rows that are known are
 * not called again, except after a /setup with another token.
 * @throws DatasetGanError `cancelled`
 */
export async function ourBackends(
  product: ProjectsContext,
  linked: Pick<LinkedProject, 'connection' | 'found'>,
  rows: readonly MlBackend[],
  known: Pick<Project, 'backends' | 'caller'>,
  signal: AbortSignal,
): Promise<FoundBackends> {
  const uid = projectUid(linked.found);
  const doubted = product.setupCalls.takeDoubt(uid);
  const records: BackendRecord[] = [];
  let { caller } = known;
  for (const row of rows) {
    let record = recordOf(product, row, known.backends, records);
    const asked = !record.ours || caller === null || (doubted && records.every(({ ours }) => !ours));
    if (asked && product.now() >= record.again) {
      const call = await callOf(product, linked, row, record.said, signal);
      if (call !== undefined) caller = call.caller;
      record = call === undefined ? missed(product, record) : arrived(product, record, call);
    }
    records.push(record);
  }
  const own = new Set(records.filter(({ ours }) => ours).map(({ id }) => id));
  return { ours: rows.filter(({ id }) => own.has(id)), records, caller };
}

/** Whether two addresses of a backend are one: a slash at the end makes no other. */
export const sameAddress = (a: string, b: string): boolean => isOurs(a, [b]) && isOurs(b, [a]);

function recordOf(
  { settings }: Pick<Product, 'settings'>,
  { id, url, extra_params: extra }: MlBackend,
  before: readonly BackendRecord[],
  others: readonly BackendRecord[],
): BackendRecord {
  const named = isOurs(
    url,
    [settings.callbackUrl, settings.publicUrl].filter((own) => own !== null),
  );
  const same = before.find((record) => record.id === id && sameAddress(record.url, url));
  const twin = others.find((record) => record.ours && sameAddress(record.url, url));
  const { ours = false, host = null, misses = 0, again = 0 } = same ?? twin ?? {};
  return { id, url, ours: ours || named, said: saidHash(parseExtraParams(extra).sent), host, misses, again };
}

function arrived(product: Pick<Product, 'now'>, record: BackendRecord, { host }: SetupCall): BackendRecord {
  return { ...record, ours: true, host: host ?? null, misses: 0, again: product.now() + NEXT_PROOF_MS };
}

function missed(product: Pick<Product, 'now'>, record: BackendRecord): BackendRecord {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 4 ** Math.min(record.misses, 10));
  return { ...record, misses: record.misses + 1, again: product.now() + wait };
}

/** The /setup that arrives when Label Studio calls the backend; undefined when none does, or several that differ. */
async function callOf(
  product: Pick<Product, 'log' | 'setupCalls'>,
  { connection, found }: Pick<LinkedProject, 'connection' | 'found'>,
  row: MlBackend,
  said: string,
  signal: AbortSignal,
): Promise<SetupCall | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  const heard = await product.setupCalls.during(projectUid(found), async () => {
    await callMlBackend(connection, row.id, patience).catch((thrown: unknown) => {
      signal.throwIfAborted();
      product.log.warn({ err: toError(thrown), backend: row.url }, 'asking Label Studio to call this backend failed');
    });
  });
  const real = heard.filter((call) => call.caller !== null && call.schema === found.label_config && call.said === said);
  return new Set(real.map(({ caller }) => caller)).size === 1 ? real[0] : undefined;
}
