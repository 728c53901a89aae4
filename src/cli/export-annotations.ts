import { Engine } from '../engine/engine.ts';
import { DatasetGanError, isError } from '../errors.ts';
import { annotatedProject } from '../export/annotated-project.ts';
import { fittingFormats } from '../export/fitting-formats.ts';
import type { FormatName } from '../export/format-names.ts';
import type { ObjectRule } from '../export/object-rule.ts';
import { DEFAULT_VALIDATION } from '../export/split.ts';
import { writeFormats } from '../export/write-formats.ts';
import { engineRunner } from '../jobs/datasets/files/export.ts';
import { Connections } from '../label-studio/client/connections.ts';
import type { Project } from '../label-studio/client/projects.ts';
import { getProject } from '../label-studio/client/projects.ts';
import type { Connection } from '../label-studio/connection/connection.ts';
import { exportDestination } from './export-destination.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface AnnotationsExport {
  /** Label Studio's number, `ORIGIN|NUMBER` where several are configured. */
  readonly project: string;
  readonly formats: readonly FormatName[];
  readonly out: string;
  readonly validation: number | undefined;
  readonly licence: string | undefined;
  readonly objects: ObjectRule | undefined;
}

/** Exports the annotations of any project of a configured Label Studio; no server of ours is needed, and nothing is written to Label Studio. */
export async function exportAnnotations({ project: id, out, ...asked }: AnnotationsExport): Promise<void> {
  const { settings, report, open } = exportDestination(out);
  const { connection, project } = await findProject(new Connections(settings).configured(), id);
  const target = await open();
  const engine = new Engine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
  const stop = stopSignal();
  const { signal } = stop;
  const line = new Progress();
  try {
    const annotated = await annotatedProject(connection, project, {
      ...asked,
      validation: asked.validation ?? DEFAULT_VALIDATION,
      signal,
    });
    let formats: readonly FormatName[] = asked.formats;
    let pairs = 0;
    try {
      formats = fittingFormats(formats, annotated.dataset);
      await writeFormats(formats, annotated.dataset, target, {
        run: engineRunner({ engine }, signal),
        signal,
        onPair: (done) => {
          pairs = done / formats.length;
          line.show(`export  ${done} pairs`);
        },
      });
    } finally {
      line.end();
      for (const note of annotated.notes) process.stderr.write(`${note}\n`);
      await annotated.close();
    }
    report(`${Math.round(pairs)} annotated pictures of '${project.title}' as ${formats.join(', ')} in ${out}`);
  } catch (error) {
    await target.discard();
    throw error;
  } finally {
    stop.dispose();
    await engine.close();
  }
}

/** The project of that number in the one Label Studio that has it. */
async function findProject(
  connections: readonly Connection[],
  id: string,
): Promise<{ connection: Connection; project: Project }> {
  const [, base, number] = /^(?:(https?:.*)\|)?(\d{1,9})$/.exec(id) ?? [];
  if (number === undefined)
    throw new DatasetGanError('bad-request', `${id} is not a project.`, {
      fix: "Use Label Studio's number of the project, or ORIGIN|NUMBER.",
    });
  if (connections.length === 0)
    throw new DatasetGanError('bad-token', 'No Label Studio is configured.', {
      fix: 'Set LABEL_STUDIO_URL to its address and LABEL_STUDIO_API_KEY to your access token.',
    });
  const found: { connection: Connection; project: Project }[] = [];
  for (const connection of connections) {
    if (base !== undefined && connection.base !== base.replace(/\/+$/, '')) continue;
    try {
      found.push({ connection, project: await getProject(connection, Number(number)) });
    } catch (thrown) {
      if (!isError(thrown, 'label-studio-gone')) throw thrown;
    }
  }
  if (found.length === 1) return found[0]!;
  const places = (found.length === 0 ? connections : found.map(({ connection }) => connection)).map(
    (connection) => connection.base,
  );
  throw found.length === 0
    ? new DatasetGanError('unknown-project', `There is no project ${id} in ${places.join(', ')}.`, {
        fix: 'Use the number in the address of the project. Check that LABEL_STUDIO_URL is the address of its Label Studio.',
      })
    : new DatasetGanError('ambiguous-project', `Several Label Studios have a project ${number}.`, {
        fix: `Use one of: ${places.map((place) => `${place}|${number}`).join(', ')}.`,
      });
}
