import { type DestinationStream, type Logger, pino } from 'pino';
import { toError } from './errors.ts';
import { causesOf, fieldOf } from './thrown.ts';

export type { Logger };

const SECRET_KEYS = [
  'token',
  'access_token',
  'accessToken',
  'refresh',
  'access',
  'apiToken',
  'api_token',
  'apiKey',
  'api_key',
  'x-api-key',
  'x-api-token',
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'pass',
  'task_data_password',
  'basic_auth_pass',
  'secret',
].join('|');

/** `"key":"value"`, also inside a string that holds JSON, where each quote has backslashes before it. */
const SECRET_FIELDS = new RegExp(`((\\\\*)"(?:${SECRET_KEYS})\\2"\\s*:\\s*\\2")(?:(?!\\2")(?:\\\\.|[^\\\\]))*(\\2")`, 'gi');
const SCHEMES = /\b(Bearer|Token|Basic)(\s+)[\w.~+/=-]{8,}/g;
const QUERY_SECRETS =
  /([?&](?:token|access_token|api_key|apikey|key|secret|(?:x-amz-)?signature|x-amz-security-token|password)=)[^&\s"\\]+/gi;
const URL_PASSWORDS = /(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+@/g;

/** Takes tokens and passwords out of one line of log, wherever they stand in it: field, message, error text or query string. */
export function redact(line: string): string {
  return line
    .replace(SECRET_FIELDS, '$1[redacted]$3')
    .replace(SCHEMES, '$1$2[redacted]')
    .replace(QUERY_SECRETS, '$1[redacted]')
    .replace(URL_PASSWORDS, '$1[redacted]@');
}

interface PlainLogError {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly stack?: string;
  readonly cause?: PlainLogError;
}

/** Only what helps: an axios error carries its whole request, tokens included, in its fields. Whatever is thrown, or is a cause, can be written. */
function plainError(thrown: unknown): PlainLogError {
  const [first, ...causes] = causesOf(thrown).map(plainLink);
  return [first!, ...causes].reduceRight((cause, error) => ({ ...error, cause }));
}

/** One error without its cause. Of a foreign one its own stack is shown: the stack of ours around it would only name this place. */
function plainLink(thrown: unknown): Omit<PlainLogError, 'cause'> {
  const { code, message, fix } = toError(thrown);
  const stack = fieldOf(thrown, 'stack');
  return {
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}

/**
 * JSON lines. Children carry the ids: `logger.child({ request })` for a request, `logger.child({ job })` for a job. Errors go under `err`.
 * @param destination standard output when left out.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: plainError },
    hooks: { streamWrite: redact },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
