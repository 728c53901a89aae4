import { Connection } from '../../src/label-studio/connection/connection.ts';
import { type InnerOptions, type InnerServer, startInnerServer } from './our-server.ts';
import { type RealLabelStudio, startRealLabelStudio } from './real-label-studio.ts';

export interface BothServers {
  readonly real: RealLabelStudio;
  readonly connection: Connection;
  readonly server: InnerServer;
  stop(): Promise<void>;
}

/** A Label Studio and our server in this process, with a key for it: what most end-to-end tests begin with. */
export async function startBothServers(options: Omit<InnerOptions, 'labelStudio' | 'key'>): Promise<BothServers> {
  const real = await startRealLabelStudio();
  try {
    const { url, personalAccessToken: key } = real;
    const server = await startInnerServer({ ...options, labelStudio: url, key });
    const stop = async () => {
      await server.stop();
      await real.stop();
    };
    return { real, connection: new Connection({ base: url, key }), server, stop };
  } catch (error) {
    await real.stop();
    throw error;
  }
}
