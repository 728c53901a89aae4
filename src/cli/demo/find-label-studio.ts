import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetGanError, isError } from '../../errors.ts';
import { whoAmI } from '../../label-studio/client/server.ts';
import { Connection } from '../../label-studio/connection/connection.ts';
import type { LabelStudioAddress } from '../../settings.ts';
import { formatSeconds } from '../format-seconds.ts';
import { installLabelStudio, labelStudioCommand } from '../label-studio/install-label-studio.ts';
import { startLabelStudio } from '../label-studio/local-label-studio.ts';
import type { Progress } from '../progress.ts';
import { demoLabelStudioFolder } from './demo-folders.ts';

/** A Label Studio that the demo may use. */
export interface DemoLabelStudio {
  readonly url: string;
  readonly apiKey: string;
  /** Of the one that the demo runs itself. */
  readonly login: { readonly email: string; readonly password: string } | null;
  /** Ends it, if the demo started it. */
  stop(): Promise<void>;
}

export interface FindOptions {
  /** LABEL_STUDIO_URL and its key. */
  readonly configured: LabelStudioAddress | undefined;
  /** LABEL_STUDIO_VENV: an environment that has Label Studio already. */
  readonly venv: string | undefined;
  /** The demo's folder. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The configured Label Studio; else one of the demo's own, installed first where it is not. A DatasetGanError comes back, not thrown, where
 * none can be installed: the reason to do without.
 * @throws DatasetGanError when the configured one does not answer or takes no key, or the demo's own does not start
 */
export async function findLabelStudio(options: FindOptions): Promise<DemoLabelStudio | DatasetGanError> {
  if (options.configured !== undefined) return useConfigured(options.configured, options);
  const venv = options.venv ?? join(options.folder, 'label-studio-venv');
  const missing = options.venv === undefined ? await install(venv, options) : undefined;
  return missing ?? startOwn(venv, options);
}

async function useConfigured({ url, apiKey }: LabelStudioAddress, { progress, signal }: FindOptions): Promise<DemoLabelStudio> {
  if (apiKey === null)
    throw new DatasetGanError('bad-token', `LABEL_STUDIO_URL is ${url}, but there is no key for it.`, {
      fix: 'Set LABEL_STUDIO_API_KEY to a personal access token (in Label Studio: Account & Settings). Without LABEL_STUDIO_URL the demo runs its own Label Studio.',
    });
  const connection = new Connection({ base: url, key: apiKey });
  const { email } = await progress.during(`Label Studio at ${url}: asking`, () => whoAmI(connection, signal));
  progress.say(`  Label Studio at ${url}, as ${email}`);
  return { url, apiKey, login: null, stop: async () => {} };
}

async function install(venv: string, { progress, signal }: FindOptions): Promise<DatasetGanError | undefined> {
  const started = performance.now();
  let news = false;
  try {
    await progress.during('Label Studio', (tell) =>
      installLabelStudio(venv, {
        signal,
        onProgress(text) {
          news = true;
          tell(detail(text));
        },
      }),
    );
    if (news) progress.say(`  Label Studio installed in ${formatSeconds((performance.now() - started) / 1000)}`);
    return undefined;
  } catch (thrown) {
    signal.throwIfAborted();
    if (isError(thrown, 'label-studio-down')) return thrown;
    throw thrown;
  }
}

async function startOwn(venv: string, { folder, progress, signal }: FindOptions): Promise<DemoLabelStudio> {
  if (!existsSync(labelStudioCommand(venv)))
    throw new DatasetGanError('bad-settings', `LABEL_STUDIO_VENV is ${venv}, but there is no Label Studio in it.`, {
      fix: `Install it: ${join(venv, 'bin', 'pip')} install label-studio. Or unset LABEL_STUDIO_VENV.`,
    });
  const started = performance.now();
  const own = await progress.during('Label Studio', (tell) =>
    startLabelStudio({
      venv,
      dataDir: demoLabelStudioFolder(folder),
      signal,
      onProgress: (text) => tell(detail(text)),
    }),
  );
  progress.say(`  Label Studio at ${own.url}, started in ${formatSeconds((performance.now() - started) / 1000)}`);
  const { url, personalAccessToken: apiKey, email, password } = own;
  return { url, apiKey, login: { email, password }, stop: () => own.stop() };
}

/** What a progress text says beyond the name and the time, which the line has already: `installing, 82 packages found`. */
const detail = (text: string) => text.replace(/^Label Studio[^:]*: /, '').replace(/, \d+ s/, '');
