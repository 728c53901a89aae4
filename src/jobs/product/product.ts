import type { Engine } from '../../engine/engine.ts';
import type { TrainingSettings } from '../../interpreter/recipe.ts';
import type { Connections } from '../../label-studio/client/connections.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import type { Logger } from '../../log.ts';
import type { Settings } from '../../settings.ts';
import type { Blobs } from '../../store/objects/blobs.ts';
import type { Storage } from '../../store/objects/storage.ts';
import type { Store } from '../../store/store.ts';
import type { GeneratorLibrary } from '../../stylegan/library.ts';
import type { JobTimes } from '../queue/job-times.ts';
import type { Queues } from '../queue/queues.ts';
import type { DataFolder } from './data-folder.ts';
import type { DecodedCache } from './decoded-cache.ts';
import type { HintLimiter } from './hint-limiter.ts';
import type { SetupCalls } from './setup-calls.ts';

/** Everything that jobs work with; made once, in open-product.ts. What a function or a room needs of it: contexts.ts. */
export interface Product {
  readonly settings: Settings;
  readonly log: Logger;
  readonly store: Store;
  /** Large files, in a place that other machines may share. */
  readonly storage: Storage;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly jobTimes: JobTimes;
  readonly engine: Engine;
  readonly generators: GeneratorLibrary;
  readonly connections: Connections;
  /** Connections that a /setup proved, by base address; also those that only its access_token opens. */
  readonly verifiedConnections: Map<string, Connection>;
  readonly setupCalls: SetupCalls;
  /** Names and numbers, without ports, by which Label Studio and proxies are known to reach us. */
  readonly callbackHosts: Set<string>;
  readonly folder: DataFolder;
  readonly decoded: DecodedCache;
  readonly training: TrainingSettings;
  /** Tells what this server made in a Label Studio from what another one made there. */
  readonly serverId: string;
  /** How soon events without that secret are followed up. */
  readonly hints: HintLimiter;
  /** Secret in a header of the webhooks we make. */
  readonly webhookSecret: string;
  /** Keys of links that browsers follow without the API token are made with it. */
  readonly linkSecret: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
