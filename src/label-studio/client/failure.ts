import { isAxiosError } from 'axios';
import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { KeyKind } from './key-kind.ts';
import type { Answer, Request } from './transport.ts';

/** What messages may say about a connection; the key is not in it. */
export interface Peer {
  readonly base: string;
  readonly keyName: string;
  readonly kind: KeyKind;
}

const MAKE_PAT = 'In Label Studio open Account & Settings, Personal Access Token, create one';

/** Nothing came back: refused, unknown host, reset, timed out; or the caller gave up. */
export function noAnswer(peer: Peer, request: Request, thrown: unknown): DatasetGanError {
  if (thrown instanceof DatasetGanError) return thrown;
  if (request.signal?.aborted === true) {
    const reason: unknown = request.signal.reason;
    if (reason instanceof DatasetGanError) return reason;
    return new DatasetGanError('cancelled', `${request.method} ${request.path} was cancelled.`);
  }
  const code = isAxiosError(thrown) ? (thrown.code ?? '') : '';
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  // A new plain error: axios keeps the whole request in its own, headers and token included.
  const cause = new Error(code === '' ? text : `${code}: ${text}`);
  const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
  const what = timedOut ? `did not answer ${request.method} ${request.path} in time` : `does not answer (${code || text})`;
  const fix = timedOut
    ? 'Look whether it is overloaded; what was under way is tried again later.'
    : 'Start it, or set LABEL_STUDIO_URL to where it runs.';
  return new DatasetGanError('label-studio-down', `Label Studio at ${peer.base} ${what}.`, { fix, cause });
}

/** An answer that is not the one asked for, or undefined when it is fine. */
export function badAnswer(peer: Peer, request: Request, answer: Answer): DatasetGanError | undefined {
  const { status, contentType, location } = answer;
  const html = contentType.includes('text/html');
  const asked = `${request.method} ${request.path}`;
  if (status >= 300 && status < 400) {
    if (location?.includes('/user/login') === true) return loginPage(peer);
    return new DatasetGanError(
      'label-studio-error',
      `Label Studio at ${peer.base} redirects ${asked} to ${location ?? 'nowhere'}.`,
      {
        fix: 'Set LABEL_STUDIO_URL to the address it redirects to, as the browser shows it.',
      },
    );
  }
  if (html && status < 300) {
    const page = Buffer.from(answer.bytes).toString('utf8');
    if (/\/user\/login|csrfmiddlewaretoken|name="password"/.test(page)) return loginPage(peer);
    return notLabelStudio(peer, asked);
  }
  if (status < 300) return undefined;
  const detail = describe(answer);
  const said = detail === '' ? '' : `: ${detail}`;
  switch (status) {
    case 401:
      return unauthorized(peer, detail);
    case 403:
      return forbidden(peer, asked, detail);
    case 404:
      if (html) return notLabelStudio(peer, asked);
      return new DatasetGanError('label-studio-gone', `Label Studio at ${peer.base} has nothing at ${request.path}${said}`, {
        fix: 'It was deleted, or belongs to an organization that the token does not see.',
      });
    case 413:
      return new DatasetGanError(
        'label-studio-error',
        `A proxy before Label Studio at ${peer.base} refuses bodies of this size.`,
        {
          fix: 'Let it take 200 MB, in nginx: client_max_body_size 200m;',
        },
      );
    case 502:
    case 503:
    case 504:
      return new DatasetGanError('label-studio-down', `Label Studio at ${peer.base} answered ${status} to ${asked}.`, {
        fix: 'Look whether it runs; what was under way is tried again later.',
      });
    default:
      return new DatasetGanError('label-studio-error', `Label Studio at ${peer.base} answered ${status} to ${asked}${said}`, {
        ...blocked(detail),
      });
  }
}

/** `data` is not what the schema says: another version of Label Studio than we know, or not Label Studio. */
export function badShape(peer: Peer, request: Request, error: z.ZodError): DatasetGanError {
  const issue = error.issues[0];
  const where = issue === undefined ? '' : `: ${issue.path.join('.')} ${issue.message}`;
  return new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${peer.base} answered ${request.method} ${request.path} in an unknown form${where}`,
    {
      fix: 'Use a Label Studio of 1.20 or newer.',
    },
  );
}

export function notLabelStudio(peer: Peer, asked: string): DatasetGanError {
  return new DatasetGanError(
    'label-studio-error',
    `${peer.base} answered ${asked} with a web page that is not Label Studio's interface.`,
    {
      fix: 'Set LABEL_STUDIO_URL to the address of Label Studio itself, with its path prefix if it has one.',
    },
  );
}

function loginPage(peer: Peer): DatasetGanError {
  return new DatasetGanError(
    'label-studio-unauthorized',
    `Label Studio at ${peer.base} asks for a login: it does not accept ${peer.keyName}.`,
    {
      fix: `${MAKE_PAT}, and put it into ${peer.keyName}.`,
    },
  );
}

function unauthorized(peer: Peer, detail: string): DatasetGanError {
  const { base, keyName, kind } = peer;
  const error = (message: string, fix: string) => new DatasetGanError('label-studio-unauthorized', message, { fix });
  if (kind === 'legacy token') {
    if (detail.includes('legacy token authentication has been disabled'))
      return error(
        `${keyName} is a legacy token, and Label Studio at ${base} has legacy tokens turned off.`,
        `${MAKE_PAT}, and put it into ${keyName}; or turn legacy tokens on under Organization, Access Token Settings.`,
      );
    return error(
      `Label Studio at ${base} does not know the legacy token of ${keyName}.`,
      `${MAKE_PAT}, and put it into ${keyName}; or copy the legacy token again from Account & Settings of this very Label Studio.`,
    );
  }
  return error(
    `Label Studio at ${base} does not accept the personal access token of ${keyName}.`,
    `${MAKE_PAT} in this very Label Studio, and put it into ${keyName}; it was revoked, comes from another server, or personal access tokens are turned off under Organization, Access Token Settings.`,
  );
}

function forbidden(peer: Peer, asked: string, detail: string): DatasetGanError {
  const ssrf = blocked(detail);
  if (ssrf.fix !== undefined)
    return new DatasetGanError('label-studio-error', `Label Studio at ${peer.base} refuses the address: ${detail}`, ssrf);
  return new DatasetGanError(
    'label-studio-unauthorized',
    `The user of ${peer.keyName} may not ${asked} in Label Studio at ${peer.base}: ${detail}`,
    {
      fix: 'Use the token of a user who may manage the project.',
    },
  );
}

/** Label Studio's server-side request forgery protection, on by default since 1.23.1. */
function blocked(detail: string): { fix?: string } {
  return /reserved network address|resolves to a|InvalidUploadUrl/i.test(detail)
    ? { fix: 'Start Label Studio with ML_BLOCK_LOCAL_IP=false and SSRF_PROTECTION_ENABLED=false.' }
    : {};
}

const DETAIL = z.looseObject({ detail: z.unknown().optional(), validation_errors: z.unknown().optional() });

/** The reason in words, at most 300 characters. */
function describe({ bytes, contentType }: Answer): string {
  if (!contentType.includes('json')) return '';
  try {
    const { detail, validation_errors: errors } = DETAIL.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const parts =
      errors === undefined ? [detail] : Object.entries(errors ?? {}).map(([field, texts]) => `${field}: ${words(texts)}`);
    return parts.map(words).join('; ').slice(0, 300);
  } catch {
    return '';
  }
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
