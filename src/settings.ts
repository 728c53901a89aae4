import { availableParallelism, totalmem } from 'node:os';
import { z } from 'zod';
import { DatasetGanError } from './errors.ts';
import { type SharedStorage, storageAddress } from './storage-address.ts';

export interface LabelStudioAddress {
  /** Base address without a trailing slash; may carry a path prefix. */
  readonly url: string;
  /** Personal access token or legacy token; goes to this origin only. */
  readonly apiKey: string | null;
}

/** What the environment says, checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** A PostgreSQL; null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** null: a folder in `dataDir`. */
  readonly storage: SharedStorage | null;
  readonly labelStudios: readonly LabelStudioAddress[];
  /** Where Label Studio reaches us; null: the URL of the connected backend. */
  readonly callbackUrl: string | null;
  /** Where browsers reach us. */
  readonly publicUrl: string | null;
  readonly imageDelivery: 'upload' | 'url' | 'storage';
  readonly basicAuth: { readonly user: string; readonly pass: string } | null;
  readonly apiToken: string | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Threads of each ONNX Runtime session. */
  readonly engineThreads: number;
  /** Bytes that all sessions together may need. */
  readonly memoryLimit: number;
  /** Bytes of the training matrix. */
  readonly trainMemory: number;
  /** Most bytes of a checkpoint that somebody uploads. */
  readonly uploadLimit: number;
  /** The longest that a task which somebody opens waits for a version in training. */
  readonly predictWaitMs: number;
}

/** The machine that shares such as 60% refer to. */
export interface Machine {
  /** Bytes this process may use: RAM, or the cgroup's limit where that is less. */
  readonly memory: number;
  readonly cores: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const MIB = 2 ** 20;
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** A variable with what the README and `.env.example` say about it; `shown` is the default in words where it is not a literal. */
interface Described {
  readonly description: string;
  readonly shown?: string;
  readonly secret?: boolean;
}

/** What is printed for each variable: the one source of `.env.example`, the README's table and the checks. */
function environment(machine: Machine) {
  const about = <T extends z.ZodType>(schema: T, described: Described) => schema.meta({ ...described });
  return z.object({
    HOST: about(z.string().prefault('127.0.0.1'), {
      description:
        'Address to listen on. With 0.0.0.0 other machines can connect, and /api, /metrics and /openapi.json need the token.',
    }),
    PORT: about(wholeNumber(0, 65_535).prefault('9090'), { description: 'Port to listen on. 0 takes any free port.' }),
    DATA_DIR: about(z.string().prefault('data'), {
      description: 'Folder for all data. Other users of the machine cannot read it. Only one server can use it at a time.',
    }),
    DATABASE_URL: about(address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name').optional(), {
      description:
        'A PostgreSQL (14 or newer) instead of the embedded database. Only one server can use it at a time; workers share it.',
      secret: true,
    }),
    STORAGE_URL: about(storageAddress().optional(), {
      description:
        'Storage for large files: s3://bucket/prefix (keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or file:///folder that all machines share.',
      shown: 'a folder in DATA_DIR',
    }),
    S3_ENDPOINT: about(address(['http:', 'https:'], 'http://minio.local:9000').optional(), {
      description: 'Address of an S3-compatible server for STORAGE_URL.',
      shown: "Amazon's S3",
    }),
    S3_REGION: about(z.string().prefault('us-east-1'), { description: 'Region of the bucket.' }),
    LABEL_STUDIO_URL: about(list(address(['http:', 'https:'], 'http://localhost:8080')).prefault(''), {
      description: 'Address of your Label Studio, or several, separated by commas.',
    }),
    LABEL_STUDIO_API_KEY: about(list(z.string()).prefault(''), {
      description: 'Access token of each LABEL_STUDIO_URL, in the same order: personal access token or legacy token.',
      secret: true,
    }),
    CALLBACK_URL: about(address(['http:', 'https:'], 'http://datasetgan.local:9090').optional(), {
      description: 'Address at which Label Studio reaches this server.',
      shown: 'the URL of the connected backend',
    }),
    PUBLIC_URL: about(address(['http:', 'https:'], 'http://localhost:9090').optional(), {
      description: 'Address at which browsers reach this server, for download links. IMAGE_DELIVERY=url requires it.',
      shown: 'the address for Label Studio',
    }),
    IMAGE_DELIVERY: about(choice(['upload', 'url', 'storage']).prefault('upload'), {
      description:
        'upload: Label Studio stores the images. url: browsers load them from PUBLIC_URL. storage: Label Studio reads them from the bucket of STORAGE_URL, with the AWS_* keys.',
    }),
    BASIC_AUTH_USER: about(z.string().optional(), {
      description: 'User that Label Studio logs in with (Basic Authentication of the ML backend).',
    }),
    BASIC_AUTH_PASS: about(z.string().optional(), { description: 'Its password.', secret: true }),
    API_TOKEN: about(z.string().min(16, 'must have at least 16 characters, for example from: openssl rand -hex 20').optional(), {
      description: 'Token for /api: Authorization: Bearer TOKEN, or X-Api-Token: TOKEN.',
      shown: 'none on 127.0.0.1; elsewhere created and printed at first start',
      secret: true,
    }),
    LOG_LEVEL: about(choice(LOG_LEVELS).prefault('info'), { description: `One of ${LOG_LEVELS.join(', ')}.` }),
    ENGINE_THREADS: about(wholeNumber(1, 256).prefault(String(machine.cores)), {
      description: 'Threads of each ONNX Runtime session.',
      shown: 'the number of cores',
    }),
    MEMORY_LIMIT: about(memory(machine, 256).prefault('60%'), {
      description: 'Memory of all ONNX Runtime sessions together: bytes, 4GB, or a share of RAM such as 60%.',
    }),
    TRAIN_MEMORY: about(memory(machine, 16).prefault('0.75GB'), {
      description: 'Memory of the training matrix, within MEMORY_LIMIT.',
    }),
    UPLOAD_LIMIT: about(amount(1, 2 ** 31).prefault('2GB'), {
      description: 'The largest checkpoint that can be uploaded: bytes, or an amount such as 500MB, up to 2GiB.',
    }),
    PREDICT_WAIT: about(wholeNumber(0, 60).prefault('4'), {
      description:
        'The most seconds that an opened task waits for a version in training. 0: it is answered by the version before at once.',
    }),
  });
}

function wholeNumber(from: number, to: number) {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message);
}

function choice<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

/** An address without a trailing slash, so that paths can be appended to it (a prefix path is kept). */
function address(schemes: readonly string[], example: string) {
  return z.string().transform((value, context) => {
    const url = URL.parse(value);
    const web = schemes.includes('http:');
    // A query or fragment would swallow every path that is appended.
    const plain = !web || (url?.username === '' && !/[?#]/.test(value));
    const valid = url !== null && schemes.includes(url.protocol) && url.hostname !== '' && plain;
    if (valid) return value.replace(/\/+$/, '');
    context.addIssue({ code: 'custom', message: `must be an address such as ${example}` });
    return z.NEVER;
  });
}

function list<T extends z.ZodType<string, string>>(item: T) {
  return z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));
}

/** Bytes: `1500000000`, `1.5GB`, `1.4GiB`. */
function amount(leastMebibytes: number, most: number) {
  return z.string().transform((value, context) => {
    const bytes = bytesOf(value);
    if (bytes >= leastMebibytes * MIB && bytes <= most) return bytes;
    const range = `from ${leastMebibytes}MiB to ${most / 2 ** 30}GiB`;
    context.addIssue({ code: 'custom', message: `must be bytes, or an amount such as 500MB, ${range}` });
    return z.NEVER;
  });
}

/** NaN for what is no amount. `whole`: what 100% is; without it a share is no amount. */
function bytesOf(value: string, whole?: number): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(%|[KMGT]i?B|)$/i.exec(value) ?? [];
  const scale = unit === '%' ? (whole ?? Number.NaN) / 100 : UNITS[(unit ?? '?').toUpperCase()];
  return scale === undefined ? Number.NaN : Math.floor(Number(digits) * scale);
}

/** Bytes as above, or a share of the machine's memory, `60%`. */
function memory(machine: Machine, leastMebibytes: number) {
  return z.string().transform((value, context) => {
    const bytes = bytesOf(value, machine.memory);
    if (bytes >= leastMebibytes * MIB && bytes <= machine.memory) return bytes;
    const range = `from ${leastMebibytes}MiB to ${(machine.memory / 1e9).toFixed(1)}GB`;
    context.addIssue({ code: 'custom', message: `must be bytes, an amount such as 2GB, or a share such as 60%, ${range}` });
    return z.NEVER;
  });
}

/** This machine. Inside a container the cgroup's limit counts, not the host's RAM. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  return { memory: limit > 0 ? Math.min(limit, totalmem()) : totalmem(), cores: Math.min(256, availableParallelism()) };
}

/**
 * Reads the settings; an empty variable counts as unset.
 * @throws DatasetGanError `bad-settings` that lists every wrong variable with its fix. Values of secrets are not repeated.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, machine: Machine = thisMachine()): Settings {
  const schema = environment(machine);
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  const wrong = new Map<string, string>();
  for (const { path, message } of parsed.error?.issues ?? []) wrong.set(String(path[0]), message);
  if (parsed.data !== undefined && 'TRAIN_MEMORY' in given && parsed.data.TRAIN_MEMORY > parsed.data.MEMORY_LIMIT)
    wrong.set('TRAIN_MEMORY', 'must not be more than MEMORY_LIMIT');
  for (const [name, message] of contradictions(given)) if (!wrong.has(name)) wrong.set(name, message);
  if (!parsed.success || wrong.size > 0) throw badSettings(wrong, given, schema);
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL ?? null,
    storage:
      values.STORAGE_URL?.kind === 's3'
        ? { ...values.STORAGE_URL, endpoint: values.S3_ENDPOINT ?? null, region: values.S3_REGION }
        : (values.STORAGE_URL ?? null),
    labelStudios: values.LABEL_STUDIO_URL.map((url, i) => ({ url, apiKey: values.LABEL_STUDIO_API_KEY[i] ?? null })),
    callbackUrl: values.CALLBACK_URL ?? null,
    publicUrl: values.PUBLIC_URL ?? null,
    imageDelivery: values.IMAGE_DELIVERY,
    basicAuth:
      values.BASIC_AUTH_USER !== undefined && values.BASIC_AUTH_PASS !== undefined
        ? { user: values.BASIC_AUTH_USER, pass: values.BASIC_AUTH_PASS }
        : null,
    apiToken: values.API_TOKEN ?? null,
    logLevel: values.LOG_LEVEL,
    engineThreads: values.ENGINE_THREADS,
    memoryLimit: values.MEMORY_LIMIT,
    trainMemory: Math.min(values.TRAIN_MEMORY, values.MEMORY_LIMIT),
    uploadLimit: values.UPLOAD_LIMIT,
    predictWaitMs: 1000 * values.PREDICT_WAIT,
  };
}

/** Variables that are right by themselves but not together, by name. */
function* contradictions(given: Readonly<Record<string, string>>): Iterable<[string, string]> {
  const entries = (name: string) => (given[name] ?? '').split(',').filter((part) => part.trim() !== '').length;
  const [urls, keys] = [entries('LABEL_STUDIO_URL'), entries('LABEL_STUDIO_API_KEY')];
  if (keys > 0 && keys !== urls)
    yield ['LABEL_STUDIO_API_KEY', `must have as many entries as LABEL_STUDIO_URL (${urls}), or none; it has ${keys}`];
  for (const [one, other] of [
    ['BASIC_AUTH_USER', 'BASIC_AUTH_PASS'],
    ['BASIC_AUTH_PASS', 'BASIC_AUTH_USER'],
  ] as const)
    if (given[one] === undefined && given[other] !== undefined) yield [one, `must be set too, because ${other} is`];
  if (given.S3_ENDPOINT !== undefined && !given.STORAGE_URL?.startsWith('s3:'))
    yield ['STORAGE_URL', 'must be s3://bucket or s3://bucket/prefix, because S3_ENDPOINT is set'];
  if (given.IMAGE_DELIVERY === 'url' && given.PUBLIC_URL === undefined)
    yield ['PUBLIC_URL', 'must be set, because IMAGE_DELIVERY is url: browsers load the images from there'];
  if (given.IMAGE_DELIVERY === 'storage' && !given.STORAGE_URL?.startsWith('s3:'))
    yield [
      'STORAGE_URL',
      'must be s3://bucket or s3://bucket/prefix, because IMAGE_DELIVERY is storage: Label Studio reads the images there',
    ];
}

function badSettings(
  wrong: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string>>,
  schema: ReturnType<typeof environment>,
) {
  const lines = [...wrong].map(([name, message]) => {
    const secret = schema.shape[name as keyof typeof schema.shape].meta()?.secret === true;
    const value = given[name];
    return `${name} ${message}${value === undefined || secret ? '' : `; it is '${value}'`}`;
  });
  const count = lines.length === 1 ? 'A setting is' : `${lines.length} settings are`;
  return new DatasetGanError('bad-settings', [`${count} wrong:`, ...lines.map((line) => `  ${line}`)].join('\n'), {
    fix: 'Change these environment variables. README.md and .env.example explain each of them.',
  });
}

/**
 * Every setting: its name, its default in words, what it does.
 * @public README's table and `.env.example` are held against it.
 */
export function settingsTable(): { name: string; default: string; description: string }[] {
  const { shape } = environment({ memory: Number.MAX_SAFE_INTEGER, cores: 1 });
  return Object.entries(shape).map(([name, schema]) => {
    const { description = '', shown } = schema.meta() as Described;
    const literal = (schema as { def: { defaultValue?: string } }).def.defaultValue ?? '';
    return { name, default: shown ?? literal, description };
  });
}
