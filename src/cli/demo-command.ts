import { join } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import { readSettings } from '../settings.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { privateFolder } from '../store/private-folder.ts';
import { demoFolder } from './demo/demo-folders.ts';
import type { DemoOptions } from './demo/demo-options.ts';
import { type DemoLabelStudio, findLabelStudio } from './demo/find-label-studio.ts';
import { headlessDemo } from './demo/headless-demo.ts';
import { labelStudioDemo } from './demo/label-studio-demo.ts';
import { endProcess } from './end-process.ts';
import { Progress } from './progress.ts';
import { INTERRUPTED, stopSignal } from './stop-signal.ts';

/** `datasetgan demo`: the whole loop on this machine, in Label Studio where there is one or one can be installed, else into a folder. */
export async function demoCommand(options: DemoOptions): Promise<number> {
  const settings = readSettings(process.env);
  const folder = demoFolder(settings.dataDir);
  privateFolder(settings.dataDir);
  const unlock = lockFolder(folder);
  const progress = new Progress(process.stdout);
  let labelStudio: DemoLabelStudio | undefined;
  const stop = stopSignal({
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    // It sends its signal before it waits for anything.
    onForce: () => void labelStudio?.stop(),
  });
  const { signal } = stop;
  signal.addEventListener('abort', () => progress.say('Stopping: running jobs go back into the queue.'));
  progress.say(introduction(options));
  try {
    const found = options.headless
      ? new DatasetGanError('label-studio-down', 'The option --headless is set.', { fix: 'Omit --headless.' })
      : await findLabelStudio({
          configured: settings.labelStudios[0],
          venv: process.env.LABEL_STUDIO_VENV?.trim() || undefined,
          folder,
          progress,
          signal,
        });
    if (found instanceof DatasetGanError) {
      await headlessDemo({ options, settings, folder: join(folder, 'headless'), reason: found, progress, signal });
      return 0;
    }
    labelStudio = found;
    const onFatal = (error: Error) => {
      progress.say(error.message);
      void found.stop();
      void endProcess(1);
    };
    const port = process.env.PORT?.trim() ? settings.port : null;
    await labelStudioDemo({ options, settings, port, labelStudio, folder, progress, signal, onFatal });
    return 0;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    return INTERRUPTED;
  } finally {
    await labelStudio?.stop();
    if (signal.aborted) progress.say('Stopped. Run the demo again to continue from here.');
    stop.dispose();
    unlock();
  }
}

function introduction({ annotations, pairs }: DemoOptions): string {
  const pictures = annotations === 1 ? 'one picture is annotated' : `${annotations} pictures are annotated, one after the other`;
  return `DatasetGAN demo: ${pictures}, and a dataset of ${pairs} labelled pictures is made. The first run takes some minutes.\n`;
}
