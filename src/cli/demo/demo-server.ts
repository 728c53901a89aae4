import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DatasetGanError } from '../../errors.ts';
import { createLogger } from '../../log.ts';
import { makeFolders } from '../../make-folders.ts';
import type { Settings } from '../../settings.ts';
import { ApiClient } from '../api-client.ts';
import { serve } from '../serve.ts';
import { demoServerFolder } from './demo-folders.ts';
import type { DemoLabelStudio } from './find-label-studio.ts';

export interface DemoServer {
  readonly api: ApiClient;
  readonly url: string;
  readonly port: number;
  /** Where its log is. */
  readonly log: string;
  close(): Promise<void>;
}

export interface DemoServerOptions {
  readonly settings: Settings;
  readonly labelStudio: DemoLabelStudio;
  /** The demo's folder. */
  readonly folder: string;
  /** The only port to take; null: the remembered one or the usual one where they are free, else any. */
  readonly port: number | null;
  readonly rememberedPort: number | null;
  readonly onFatal: (error: DatasetGanError) => void;
}

/**
 * Our server in this process, with a data folder and an embedded database of its own, and its log in a file.
 * @throws DatasetGanError as `serve`
 */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const { settings, labelStudio, folder, onFatal } = options;
  const log = join(folder, 'server.log');
  await makeFolders(folder);
  const out = createWriteStream(log, { flags: 'a' });
  const closeLog = () => new Promise<void>((closed) => void out.end(closed));
  try {
    const serving = await serve(
      {
        ...settings,
        port: options.port ?? (await firstFree(settings.host, [options.rememberedPort ?? settings.port, settings.port])),
        dataDir: demoServerFolder(folder),
        databaseUrl: null,
        labelStudios: [{ url: labelStudio.url, apiKey: labelStudio.apiKey }],
      },
      createLogger(settings.logLevel, out),
      { onFatal },
    );
    return {
      api: new ApiClient(serving.url, serving.apiToken ?? undefined),
      url: serving.url,
      port: Number(new URL(serving.url).port || 80),
      log,
      async close() {
        await serving.close();
        await closeLog();
      },
    };
  } catch (error) {
    await closeLog();
    throw error;
  }
}

/** 0, which is any free port, when all are taken. */
async function firstFree(host: string, ports: readonly number[]): Promise<number> {
  for (const port of ports) if (await isFree(host, port)) return port;
  return 0;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, host, () => probe.close(() => resolve(true)));
  });
}
