import { isAxiosError } from 'axios';
import { z } from 'zod';
import { DatasetGanError, type ErrorCode } from '../../errors.ts';
import { messageOf } from '../../thrown.ts';
import type { KeyKind } from './key-kind.ts';
import type { Answer, Request } from './transport.ts';

/** What messages may say about a connection; the key is not in it. */
export interface Peer {
  readonly base: string;
  readonly keyName: string;
  readonly kind: KeyKind;
}

/** Label Studio answered, but not as asked. */
export class AnswerError extends DatasetGanError {
  /** HTTP status of its answer. */
  readonly answered: number;
  /** Its own words, '' when it gave none. */
  readonly detail: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;

  constructor(
    answered: number,
    code: ErrorCode,
    message: string,
    options: { readonly fix?: string; readonly detail?: string; readonly location?: string | undefined } = {},
  ) {
    super(code, message, { fix: options.fix });
    this.answered = answered;
    this.detail = options.detail ?? '';
    this.location = options.location;
  }
}

const SEE_ITS_LOG = "Check Label Studio's log for the reason. The request will be retried.";
const MAKE_PAT = 'In Label Studio open Account & Settings, Personal Access Token, create one';

/** Nothing came back: refused, unknown host, reset, timed out; or the caller gave up. */
export function noAnswer(peer: Peer, request: Request, thrown: unknown): DatasetGanError {
  if (thrown instanceof DatasetGanError) return thrown;
  if (request.signal?.aborted === true) {
    const reason: unknown = request.signal.reason;
    if (reason instanceof DatasetGanError) return reason;
    if (reason instanceof DOMException && reason.name === 'TimeoutError') return notInTime(peer, request, reason);
    return new DatasetGanError('cancelled', `${request.method} ${request.path} was cancelled.`);
  }
  const code = isAxiosError(thrown) ? (thrown.code ?? '') : '';
  const text = messageOf(thrown);
  // A new plain error: axios keeps the whole request in its own, headers and token included.
  const cause = new Error(code === '' ? text : `${code}: ${text}`);
  if (isTooLarge(thrown))
    return new DatasetGanError('body-too-large', `${request.path} has more than ${request.mostBytes} bytes.`, {
      fix: 'Make the file smaller.',
    });
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return notInTime(peer, request, cause);
  const fix = 'Start it, or set LABEL_STUDIO_URL to where it runs.';
  return new DatasetGanError('label-studio-down', `Label Studio at ${peer.base} does not answer (${code || text}).`, {
    fix,
    cause,
  });
}

/** The answer has more bytes than were asked for at the most. */
export const isTooLarge = (thrown: unknown): boolean => isAxiosError(thrown) && thrown.message.startsWith('maxContentLength');

function notInTime({ base }: Peer, { method, path }: Request, cause: Error): DatasetGanError {
  return new DatasetGanError('label-studio-down', `Label Studio at ${base} did not answer ${method} ${path} in time.`, {
    fix: 'Check whether Label Studio is overloaded. The request will be retried.',
    cause,
  });
}

/** An answer that is not the one asked for, or undefined when it is fine. */
export function badAnswer(peer: Peer, request: Request, answer: Answer): AnswerError | undefined {
  const { status, contentType, location } = answer;
  const { base } = peer;
  const html = contentType.includes('text/html');
  const asked = `${request.method} ${request.path}`;
  if (status < 300 && !html) return undefined;
  if (status < 300) return isLoginPage(answer) ? loginPage(peer, status) : notLabelStudio(peer, asked, status);
  if (status < 400) {
    if (location?.includes('/user/login') === true) return loginPage(peer, status);
    const fix = 'Set LABEL_STUDIO_URL to the address that the browser shows after the redirect.';
    return new AnswerError(status, 'label-studio-error', `${base} redirects ${asked} to ${location ?? 'nowhere'}.`, {
      fix,
      location,
    });
  }
  const detail = describe(answer);
  const said = detail === '' ? '.' : `: ${detail}`;
  switch (status) {
    case 401:
      return unauthorized(peer, detail);
    case 403:
      return forbidden(peer, asked, detail);
    case 404: {
      if (html) return notLabelStudio(peer, asked, status);
      const fix = 'If it exists, use the token of a user of its organization. If it was deleted, there is nothing to do.';
      const message = `Label Studio at ${base} has nothing at ${request.path}${said}`;
      return new AnswerError(status, 'label-studio-gone', message, { fix, detail });
    }
    case 413: {
      const fix = 'Allow bodies of 200 MB in the proxy. In nginx: client_max_body_size 200m;';
      return new AnswerError(status, 'label-studio-error', `A proxy in front of ${base} rejects bodies of this size.`, { fix });
    }
    case 502:
    case 503:
    case 504: {
      const fix = 'Check whether Label Studio runs. The request will be retried.';
      return new AnswerError(status, 'label-studio-down', `Label Studio at ${base} answered ${status} to ${asked}.`, {
        fix,
        detail,
      });
    }
    default: {
      const message = `Label Studio at ${base} answered ${status} to ${asked}${said}`;
      return new AnswerError(status, 'label-studio-error', message, { fix: SEE_ITS_LOG, detail, ...blocked(detail) });
    }
  }
}

/** `data` is not what the schema says: another version of Label Studio than we know, or not Label Studio. */
export function badShape(peer: Peer, request: Request, error: z.ZodError): DatasetGanError {
  const issue = error.issues[0];
  const where = issue === undefined ? '' : `: ${issue.path.join('.')} ${issue.message}`;
  return new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${peer.base} answered ${request.method} ${request.path} in an unexpected form${where}`,
    {
      fix: 'Use Label Studio 1.20 or newer.',
    },
  );
}

function isLoginPage({ bytes }: Answer): boolean {
  return /\/user\/login|csrfmiddlewaretoken|name="password"/.test(Buffer.from(bytes).toString('utf8'));
}

function notLabelStudio({ base }: Peer, asked: string, status: number): AnswerError {
  const message = `${base} answered ${asked} with a web page that is not Label Studio's API.`;
  const fix = 'Set LABEL_STUDIO_URL to the address of Label Studio itself, with its path prefix if it has one.';
  return new AnswerError(status, 'label-studio-error', message, { fix });
}

function loginPage({ base, keyName }: Peer, status: number): AnswerError {
  const message = `Label Studio at ${base} asks for a login: it does not accept ${keyName}.`;
  return new AnswerError(status, 'label-studio-unauthorized', message, { fix: `${MAKE_PAT}, and put it into ${keyName}.` });
}

function unauthorized({ base, keyName, kind }: Peer, detail: string): AnswerError {
  const error = (message: string, fix: string) => new AnswerError(401, 'label-studio-unauthorized', message, { fix, detail });
  if (kind === 'personal access token')
    return error(
      `Label Studio at ${base} does not accept the personal access token of ${keyName}.`,
      `${MAKE_PAT} in this Label Studio, and put it into ${keyName}. The old one was revoked or belongs to another server. Or personal access tokens are turned off under Organization, API Tokens Settings.`,
    );
  if (detail.includes('legacy token authentication has been disabled'))
    return error(
      `${keyName} is a legacy token, and Label Studio at ${base} has legacy tokens turned off.`,
      `${MAKE_PAT}, and put it into ${keyName}. Or turn legacy tokens on under Organization, API Tokens Settings.`,
    );
  return error(
    `Label Studio at ${base} does not know the legacy token of ${keyName}.`,
    `${MAKE_PAT}, and put it into ${keyName}. Or copy the legacy token again from Account & Settings of this Label Studio.`,
  );
}

function forbidden({ base, keyName }: Peer, asked: string, detail: string): AnswerError {
  const { fix } = blocked(detail);
  if (fix !== undefined)
    return new AnswerError(403, 'label-studio-error', `Label Studio at ${base} rejects the address: ${detail}`, { fix, detail });
  const message = `The user of ${keyName} may not ${asked} in Label Studio at ${base}: ${detail}`;
  return new AnswerError(403, 'label-studio-unauthorized', message, {
    fix: 'Use the token of a user who may manage the project.',
    detail,
  });
}

/** Label Studio's server-side request forgery protection, on by default since 1.23.1. */
function blocked(detail: string): { fix?: string } {
  return /reserved network address|resolves to a|InvalidUploadUrl/i.test(detail)
    ? { fix: 'Start Label Studio with ML_BLOCK_LOCAL_IP=false and SSRF_PROTECTION_ENABLED=false.' }
    : {};
}

const PROBLEM = z.record(z.string(), z.unknown());

/** The reason in words, at most 300 characters: `detail`, or else what is wrong with each field. */
function describe({ bytes, contentType }: Answer): string {
  if (!contentType.includes('json')) return '';
  try {
    const body = PROBLEM.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const fields = PROBLEM.safeParse(body.validation_errors ?? (body.detail === undefined ? body : undefined));
    const parts = fields.success
      ? Object.entries(fields.data).map(([field, texts]) => `${field}: ${words(texts)}`)
      : [words(body.detail)];
    return parts.join('; ').slice(0, 300);
  } catch {
    return '';
  }
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
