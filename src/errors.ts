import { messageOf } from './thrown.ts';

/**
 * The product's one error class. `code` is stable (clients may switch on it), `message` says what happened in one sentence,
 * `fix` names what the reader can do about it. HTTP statuses are mapped here and nowhere else.
 */
export type ErrorCode = keyof typeof HTTP_STATUS;

const HTTP_STATUS = {
  'bad-request': 400,
  'bad-label-config': 422,
  'bad-annotation': 422,
  'bad-extra-params': 422,
  'bad-generator': 422,
  'bad-backbone': 422,
  'bad-photo': 422,
  'bad-settings': 500,
  'bad-token': 401,
  unauthorized: 401,
  'forbidden-host': 403,
  'forbidden-origin': 403,
  'wrong-server': 409,
  'not-found': 404,
  'unknown-project': 404,
  'ambiguous-project': 409,
  'unknown-generator': 404,
  'unknown-backbone': 404,
  'unknown-version': 404,
  'unknown-job': 404,
  'unknown-dataset': 404,
  'no-version': 409,
  'version-lost': 409,
  'wrong-state': 409,
  'no-truth': 409,
  disconnected: 409,
  'connected-twice': 409,
  'training-refused': 409,
  'unsupported-media-type': 415,
  'body-too-large': 413,
  'checkpoint-truncated': 422,
  'checkpoint-damaged': 422,
  'checkpoint-unsupported': 422,
  'checkpoint-hostile': 422,
  'corrupt-file': 500,
  'damaged-record': 500,
  'out-of-memory': 507,
  'disk-full': 507,
  'data-folder-locked': 503,
  'data-folder-version': 503,
  'wrong-release': 409,
  'port-taken': 503,
  'database-down': 503,
  'database-in-use': 503,
  'storage-down': 503,
  'download-failed': 502,
  'engine-crashed': 500,
  'label-studio-down': 502,
  'label-studio-error': 502,
  'label-studio-unauthorized': 502,
  'label-studio-gone': 404,
  cancelled: 409,
  'shutting-down': 503,
  internal: 500,
} as const;

/** Every code, for the description of the REST API. */
export const ERROR_CODES = Object.keys(HTTP_STATUS) as ErrorCode[];

export interface ErrorBody {
  error: { code: ErrorCode; message: string; fix?: string };
}

/** An error that went through JSON. */
interface StoredError {
  readonly code: string;
  readonly message: string;
  readonly fix?: string | undefined;
}

export class DatasetGanError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, options: { fix?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'DatasetGanError';
    this.code = code;
    this.fix = options.fix;
  }

  /** The error of a body of ours, as an answer or a failed job carries it. */
  static fromBody({ code, message, fix }: StoredError): DatasetGanError {
    return new DatasetGanError(code as ErrorCode, message, { fix });
  }

  get status(): number {
    return HTTP_STATUS[this.code];
  }

  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, ...(this.fix === undefined ? {} : { fix: this.fix }) } };
  }
}

/** What the reader can do: the error's own fix, or the last resort for what we did not foresee. */
export function fixOf({ fix }: { readonly fix?: string | undefined }): string {
  return fix ?? "Check this server's log for the reason. If it happens again, please report it.";
}

/** An error in one line: what happened, then what the reader can do, where that is known. */
export function inOneLine({ message, fix }: { readonly message: string; readonly fix?: string | undefined }): string {
  return [message, fix].filter(Boolean).join(' ');
}

/** Whether a thrown value is our error of that code. Throws nothing itself. */
export function isError<C extends ErrorCode>(thrown: unknown, code: C): thrown is DatasetGanError & { readonly code: C } {
  return isOurs(thrown) && thrown.code === code;
}

/** Any thrown value as our error: ours unchanged, others as `internal` with the original kept as the cause. Throws nothing itself. */
export function toError(thrown: unknown): DatasetGanError {
  return isOurs(thrown) ? thrown : new DatasetGanError('internal', messageOf(thrown), { cause: thrown });
}

function isOurs(thrown: unknown): thrown is DatasetGanError {
  try {
    return thrown instanceof DatasetGanError;
  } catch {
    // A proxy whose prototype may not be asked for.
    return false;
  }
}
