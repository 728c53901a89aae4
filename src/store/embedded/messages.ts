/** What the main thread and the thread that owns the embedded database say to each other. All of it is structured-cloned. */
export interface EmbeddedWorkerData {
  /** Folder of the database; it must exist. */
  readonly folder: string;
}

export interface EmbeddedRequest {
  readonly id: number;
  readonly call:
    | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
    /** Several statements, no parameters. One result for each statement that gives rows. */
    | { readonly kind: 'exec'; readonly sql: string }
    /** A checkpoint and an orderly end of the database. */
    | { readonly kind: 'close' };
}

export interface StatementResult {
  readonly rows: Record<string, unknown>[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
}

/** The fields of a PostgreSQL error that callers look at. */
export interface PlainError {
  readonly message: string;
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
}

export type EmbeddedMessage =
  /** `fsyncs`: files synced while one transaction committed, which must not be 0. */
  | { readonly kind: 'ready'; readonly fsyncs: number }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'results'; readonly id: number; readonly results: readonly StatementResult[] }
  | { readonly kind: 'error'; readonly id: number; readonly error: PlainError }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };
