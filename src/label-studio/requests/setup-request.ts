import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import { unknownName } from '../../nearest-name.ts';
import { UNPAINTED } from '../annotations/read-unpainted.ts';
import { jsonOfBytes } from './json-of-bytes.ts';

/** `POST /setup`: a project is connected, or Label Studio looks whether we are still there (before every prediction round). */
export interface SetupRequest {
  /** `<id>.<created_at unix seconds>` */
  readonly project: string;
  /** The label config, XML. */
  readonly schema: string;
  /** What Label Studio believes its own address to be; by default `http://localhost:8080` whoever it is. */
  readonly hostname?: string;
  /** The legacy token of the project's creator; valid only where legacy tokens are on. */
  readonly accessToken?: string;
  readonly extraParams: ExtraParams;
  /** What of `extra_params` was not understood, and so is not in `extraParams`: one line for each part. */
  readonly notes: readonly string[];
  /** `extra_params` as sent, a text of JSON read; to compare it. */
  readonly sent: unknown;
  /** `Host` of the request. Anyone can write anything there, so that it decides nothing. */
  readonly host?: string;
}

const extraParamsSchema = {
  seed_tasks: z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z.int().min(0).max(100_000),
  ),
  orders: z.boolean(),
  sampling: z.enum(['uncertainty', 'next', 'sequential', 'uniform']),
  generator: z.string().min(1),
  source: z.enum(['generator', 'photos']),
  backbone: z.string().min(1),
  working_size: z.int().min(1).max(4096),
  psi: z.number().min(0).max(2),
  cutoff: z.int().min(0).max(100).nullable(),
  classes: z.union([z.int().min(0), z.array(z.int().min(0)).min(1).max(1000), z.literal('all')]),
  unpainted: z.enum(UNPAINTED),
  empty: z.enum(['ignore', 'background']),
};
const EXPECTED: Record<keyof typeof extraParamsSchema, string> = {
  seed_tasks: 'a whole number from 0 to 100000',
  orders: 'true or false',
  sampling: '"uncertainty", "next", "sequential" or "uniform"',
  generator: 'the name of a generator',
  source: '"generator" or "photos"',
  backbone: 'the name of a backbone',
  working_size: 'a whole number from 1 to 4096',
  psi: 'a number from 0 to 2',
  cutoff: 'a whole number from 0 to 100, or null',
  classes: 'the number of a class, a list of them, or "all"',
  unpainted: '"auto", "background" or "unknown"',
  empty: '"ignore" or "background"',
};

/** `extra_params` of the connect form. */
export type ExtraParams = { readonly [K in keyof typeof extraParamsSchema]?: z.output<(typeof extraParamsSchema)[K]> };

const setupSchema = z.object({
  project: z.union([z.string().min(1), z.number().transform(String)]),
  schema: z.string(),
  hostname: z.string().nullish(),
  access_token: z.string().nullish(),
  extra_params: z.unknown().optional(),
});

/** @throws DatasetGanError `bad-request` without a project or a schema, or with a `hostname` that is not a plain address */
export function parseSetupRequest(body: unknown, host?: string): SetupRequest {
  const { data, error } = setupSchema.safeParse(body);
  if (data === undefined) throw new DatasetGanError('bad-request', `/setup needs project and schema: ${z.prettifyError(error)}`);
  const { project, schema, hostname, access_token: accessToken } = data;
  if (hostname && !isPlainAddress(hostname))
    throw new DatasetGanError(
      'bad-request',
      'hostname must be an address such as http://localhost:8080, without user, query or fragment.',
      {
        fix: "Correct HOSTNAME in Label Studio's environment.",
      },
    );
  return {
    project,
    schema,
    ...(hostname ? { hostname } : {}),
    ...(accessToken ? { accessToken } : {}),
    ...parseExtraParams(data.extra_params),
    ...(host ? { host } : {}),
  };
}

/**
 * `extra_params` of /setup, or of Label Studio's own row of an ML backend: the form's text area makes it a JSON string, the API an object or null.
 * What is not understood is for the caller to say.
 */
export function parseExtraParams(value: unknown): Pick<SetupRequest, 'extraParams' | 'notes' | 'sent'> {
  let object = value ?? {};
  if (typeof object === 'string') {
    try {
      object = object.trim() === '' ? {} : (jsonOfBytes(new TextEncoder().encode(object), true) ?? {});
    } catch {
      return { extraParams: {}, sent: object, notes: ['extra_params is not valid JSON; an example: {"seed_tasks": 16}'] };
    }
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return { extraParams: {}, sent: object, notes: ['extra_params is not a JSON object; an example: {"seed_tasks": 16}'] };
  }
  const extraParams: Record<string, unknown> = {};
  const known = Object.keys(extraParamsSchema);
  const notes = Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `extra_params has an ${unknownName('key', key, known)}`);
  for (const [key, schema] of Object.entries(extraParamsSchema)) {
    const given: unknown = Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
    if (given === undefined || (given === null && key !== 'cutoff')) continue;
    const parsed = schema.safeParse(given);
    if (parsed.success) extraParams[key] = parsed.data;
    else notes.push(`extra_params.${key} must be ${EXPECTED[key as keyof typeof EXPECTED]}`);
  }
  return { extraParams, sent: object, notes };
}

/** http or https without query, fragment or login: a path is appended to it, and a token may be sent there. */
function isPlainAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !/[?#@\\\s]/.test(text);
}
