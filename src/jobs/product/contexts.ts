import type { Product } from './product.ts';

/** What functions need of the product, by kind and by room, so that a signature says what a function can touch. One or two services: `Pick<Product, …>`. */

/** Rows, and the jobs that change them. */
export type Records = Pick<Product, 'store' | 'queues'>;
/** Projects of ours, and the way to their Label Studio. */
export type Links = Pick<Product, 'store' | 'connections' | 'verifiedConnections'>;
/** Weights of versions, on this machine and where several machines share them. */
export type VersionFiles = Pick<Product, 'store' | 'storage' | 'folder'>;
/** Predictions by versions. */
export type Inference = VersionFiles & Pick<Product, 'engine'>;

/** Pictures of a project, whatever they are, and what is made of them. */
export type SourcesContext = Links & Inference & Pick<Product, 'generators' | 'training' | 'settings' | 'now'>;

export type ProjectsContext = Records &
  Links &
  Pick<Product, 'folder' | 'generators' | 'setupCalls' | 'callbackHosts' | 'webhookSecret' | 'settings' | 'log' | 'now'>;

export type GeneratorsContext = Records & Pick<Product, 'engine' | 'generators' | 'folder' | 'settings' | 'log'>;

export type PredictionsContext = Records & SourcesContext & Pick<Product, 'log'>;

export type TrainingContext = Records & SourcesContext & Pick<Product, 'decoded' | 'log'>;

export type DatasetsContext = Records &
  Links &
  Inference &
  Pick<Product, 'generators' | 'blobs' | 'linkSecret' | 'settings' | 'log' | 'now'>;

export type OrdersContext = DatasetsContext & Pick<Product, 'serverId' | 'webhookSecret'>;
