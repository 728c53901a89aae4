import { setTimeout as wait } from 'node:timers/promises';
import { toError } from '../../errors.ts';
import { modelVersions } from '../../label-studio/client/model-versions.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { getProject, projectKey, updateProject, upsertProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { JsonObject, Project } from '../../store/schema.ts';
import type { ProjectsContext } from '../product/contexts.ts';
import type { SetupCall } from '../product/setup-calls.ts';
import type { JobContext } from '../queue/delivery.ts';
import { parseUid } from './linked-project.ts';
import { ourBackends } from './our-backends.ts';
import { labelsKey } from './review-config.ts';

/** Looks a project gets, a second apart, until Label Studio has stored its row of us: the first /setup comes before. */
const LOOKS = 30;
const POLL_INTERVAL_MS = 1000;

type Known = Pick<Project, 'backends' | 'caller'>;

/**
 * Looks for the projects that /setup told of and that are not connected. One that Label Studio has, with an ML backend that leads to this server, is
 * recorded; of what /setup said nothing is.
 */
export async function connectProjects(product: ProjectsContext, { signal }: JobContext<'connect'>): Promise<JsonObject> {
  const waiting = new Map<string, { readonly call: SetupCall; readonly looks: number; readonly known: Known }>();
  for (;;) {
    for (const [key, call] of product.setupCalls.takeWaiting())
      waiting.set(key, { call, looks: 0, known: waiting.get(key)?.known ?? { backends: [], caller: null } });
    for (const [key, { call, looks, known }] of waiting) {
      signal.throwIfAborted();
      const seen = await look(product, call, known, signal);
      if (seen === undefined || looks + 1 >= LOOKS) waiting.delete(key);
      else waiting.set(key, { call, looks: looks + 1, known: seen });
    }
    if (waiting.size === 0) return {};
    await wait(POLL_INTERVAL_MS, undefined, { signal });
  }
}

/** What is known of its backends when none of them leads here yet; undefined when there is nothing more to look for. */
async function look(product: ProjectsContext, call: SetupCall, seen: Known, signal: AbortSignal): Promise<Known | undefined> {
  const { db } = product.store;
  try {
    const { connection, project: found } = await product.connections.resolve(call, signal);
    product.verifiedConnections.set(connection.base, connection);
    const uid = { host: connection.base, ...parseUid(call.uid)! };
    const key = projectKey(uid);
    const project = await getProject(db, key);
    const known = project === undefined || project.backends.length === 0 ? seen : project;
    const { backends } = await modelVersions(connection, found.id, signal);
    const { ours, records, caller } = await ourBackends(product, { connection, found }, backends, known, signal);
    if (ours.length === 0) return { backends: records, caller };
    const link = { backends: json(records), caller };
    if (project === undefined) {
      const config = found.label_config;
      const { title } = found;
      const row = { key, host: uid.host, ls_id: uid.lsId, created_at_unix: uid.createdAtUnix, title, label_config: config };
      const labels = labelsKey(parseLabelConfig(config));
      await upsertProject(db, { ...row, kind: 'labelling', state: 'connecting', labels_key: labels, ...link });
    } else await updateProject(db, key, project.state === 'gone' ? { ...link, state: 'connecting', misses: 0 } : link);
    await product.queues.enqueue('reconcile', { projectKey: key });
  } catch (thrown) {
    signal.throwIfAborted();
    product.log.warn({ err: toError(thrown), project: call.uid, hostname: call.hostname }, 'connecting a project failed');
  }
  return undefined;
}
