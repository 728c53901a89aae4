import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettings, settingsTable, thisMachine } from '../../src/settings.ts';
import { environmentExample, settingsMarkdown } from '../support/settings-documents.ts';

const machine = { memory: 10e9, cores: 3 };

function failure(env: Record<string, string>): { message: string; fix: string | undefined } {
  try {
    readSettings(env, machine);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-settings' });
    return error as { message: string; fix: string | undefined };
  }
  throw new Error('these settings were accepted');
}

test('defaults; an empty variable counts as unset', () => {
  const expected = {
    host: '127.0.0.1',
    port: 9090,
    dataDir: 'data',
    databaseUrl: null,
    storage: null,
    labelStudios: [],
    callbackUrl: null,
    publicUrl: null,
    imageDelivery: 'upload',
    basicAuth: null,
    apiToken: null,
    logLevel: 'info',
    engineThreads: 3,
    memoryLimit: 6e9,
    trainMemory: 0.75e9,
    uploadLimit: 2e9,
    predictWaitMs: 4000,
  };
  expect(readSettings({}, machine)).toEqual(expected);
  expect(readSettings({ PORT: '', API_TOKEN: ' ', LABEL_STUDIO_URL: '', UNRELATED: 'x' }, machine)).toEqual(expected);
});

test('every variable is read into its setting', () => {
  const settings = readSettings(
    {
      HOST: '0.0.0.0',
      PORT: '0',
      DATA_DIR: '/var/lib/datasetgan',
      DATABASE_URL: 'postgres://u:p@db:5432/x',
      STORAGE_URL: 's3://bucket/pre/fix/',
      S3_ENDPOINT: 'http://minio:9000',
      S3_REGION: 'eu-west-3',
      LABEL_STUDIO_URL: 'http://localhost:8080/, https://ls.example.org/prefix/',
      LABEL_STUDIO_API_KEY: 'a, b',
      CALLBACK_URL: 'http://datasetgan.local:9090/',
      PUBLIC_URL: 'https://dg.example.org',
      IMAGE_DELIVERY: 'url',
      BASIC_AUTH_USER: 'u',
      BASIC_AUTH_PASS: 'p',
      API_TOKEN: '0123456789abcdef',
      LOG_LEVEL: 'debug',
      ENGINE_THREADS: '4',
      MEMORY_LIMIT: '1.5GiB',
      TRAIN_MEMORY: '500MB',
      UPLOAD_LIMIT: '1.5 GiB',
      PREDICT_WAIT: '7',
    },
    machine,
  );
  expect(settings).toEqual({
    host: '0.0.0.0',
    port: 0,
    dataDir: '/var/lib/datasetgan',
    databaseUrl: 'postgres://u:p@db:5432/x',
    storage: { kind: 's3', bucket: 'bucket', prefix: 'pre/fix', endpoint: 'http://minio:9000', region: 'eu-west-3' },
    labelStudios: [
      { url: 'http://localhost:8080', apiKey: 'a' },
      { url: 'https://ls.example.org/prefix', apiKey: 'b' },
    ],
    callbackUrl: 'http://datasetgan.local:9090',
    publicUrl: 'https://dg.example.org',
    imageDelivery: 'url',
    basicAuth: { user: 'u', pass: 'p' },
    apiToken: '0123456789abcdef',
    logLevel: 'debug',
    engineThreads: 4,
    memoryLimit: 1_610_612_736,
    trainMemory: 500_000_000,
    uploadLimit: 1_610_612_736,
    predictWaitMs: 7000,
  });
});

test.each([
  ['s3://my-bucket', { kind: 's3', bucket: 'my-bucket', prefix: '', endpoint: null, region: 'us-east-1' }],
  ['s3://my.bucket/a_b/c/', { kind: 's3', bucket: 'my.bucket', prefix: 'a_b/c', endpoint: null, region: 'us-east-1' }],
  ['file:///mnt/all%20of%20us/', { kind: 'folder', folder: '/mnt/all of us/' }],
])('STORAGE_URL=%s', (text, storage) => {
  expect(readSettings({ STORAGE_URL: text }, machine).storage).toEqual(storage);
});

test('IMAGE_DELIVERY=storage needs a bucket', () => {
  const bucket = { STORAGE_URL: 's3://bucket', IMAGE_DELIVERY: 'storage' };
  expect(readSettings(bucket, machine).imageDelivery).toBe('storage');
  for (const storage of [{}, { STORAGE_URL: 'file:///mnt/data' }])
    expect(failure({ IMAGE_DELIVERY: 'storage', ...storage }).message).toContain(
      'STORAGE_URL must be s3://bucket or s3://bucket/prefix, because IMAGE_DELIVERY is storage',
    );
});

test.each(['s3://', 's3://A', 's3://bucket/a b', 's3://key@bucket', '/mnt/data', 'file:///', 'file://host/x', 'https://x/y'])(
  'STORAGE_URL=%s is refused',
  (text) => {
    expect(failure({ STORAGE_URL: text }).message).toContain('STORAGE_URL must be s3://bucket');
  },
);

test('an S3_ENDPOINT without S3 is a mistake', () => {
  expect(failure({ S3_ENDPOINT: 'http://minio:9000' }).message).toContain('STORAGE_URL must be s3://bucket');
});

test('a Label Studio without a key is allowed: /setup may bring one', () => {
  expect(readSettings({ LABEL_STUDIO_URL: 'http://a:1,http://b:2' }, machine).labelStudios).toEqual([
    { url: 'http://a:1', apiKey: null },
    { url: 'http://b:2', apiKey: null },
  ]);
});

test.each([
  ['268435456', 268_435_456],
  ['50%', 5e9],
  ['2GB', 2e9],
  ['2 gb', 2e9],
  ['512MiB', 536_870_912],
])('MEMORY_LIMIT=%s', (text, bytes) => {
  expect(readSettings({ MEMORY_LIMIT: text, TRAIN_MEMORY: '100MB' }, machine).memoryLimit).toBe(bytes);
});

test.each(['0', '-1', '11GB', '200%', 'lots', '2PB', '1e10', 'GB'])('MEMORY_LIMIT=%s is refused with the range', (text) => {
  expect(failure({ MEMORY_LIMIT: text }).message).toContain('from 256MiB to 10.0GB');
});

test.each(['http://h:9090/?x=', 'http://h:9090/#top', 'http://h:9090?'])(
  'CALLBACK_URL=%s is refused: nothing can be appended to it',
  (url) => {
    expect(failure({ CALLBACK_URL: url }).message).toContain('CALLBACK_URL must be an address such as');
  },
);

test.each(['0', '50%', '3GB', 'GB'])('UPLOAD_LIMIT=%s is refused with the range', (text) => {
  expect(failure({ UPLOAD_LIMIT: text }).message).toContain('from 1MiB to 2GiB');
});

test('one error lists every wrong variable with its fix, and repeats no secret', () => {
  const { message, fix } = failure({
    PORT: '99999',
    HOST: '127.0.0.1',
    LABEL_STUDIO_URL: 'http://a:1,http://b:2',
    LABEL_STUDIO_API_KEY: 'very-secret-key',
    DATABASE_URL: 'mysql://u:very-secret@x/y',
    BASIC_AUTH_USER: 'u',
    API_TOKEN: 'very-secret',
    IMAGE_DELIVERY: 'url',
    LOG_LEVEL: 'loud',
    ENGINE_THREADS: '0',
  });
  expect(message.split('\n').sort()).toEqual(
    [
      '8 settings are wrong:',
      "  PORT must be a whole number from 0 to 65535; it is '99999'",
      '  DATABASE_URL must be an address such as postgres://user:password@host:5432/name',
      '  API_TOKEN must have at least 16 characters, for example from: openssl rand -hex 20',
      "  LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; it is 'loud'",
      "  ENGINE_THREADS must be a whole number from 1 to 256; it is '0'",
      '  LABEL_STUDIO_API_KEY must have as many entries as LABEL_STUDIO_URL (2), or none; it has 1',
      '  BASIC_AUTH_PASS must be set too, because BASIC_AUTH_USER is',
      '  PUBLIC_URL must be set, because IMAGE_DELIVERY is url: browsers load the images from there',
    ].sort(),
  );
  expect(message).not.toContain('secret');
  expect(fix).toContain('.env.example');
});

test('more memory for training than in all is refused', () => {
  expect(failure({ MEMORY_LIMIT: '1GB', TRAIN_MEMORY: '2GB' }).message).toContain(
    'TRAIN_MEMORY must not be more than MEMORY_LIMIT',
  );
});

test('the default for training shrinks with the limit', () => {
  expect(readSettings({}, { memory: 1e9, cores: 1 }).trainMemory).toBe(600e6);
});

test('.env.example, the table and the schema say the same', () => {
  expect(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')).toBe(environmentExample());
  const names = settingsTable().map(({ name }) => name);
  expect(names).toEqual([...environmentExample().matchAll(/^#([A-Z0-9_]+)=/gm)].map((match) => match[1]));
  expect(settingsMarkdown().split('\n')).toHaveLength(names.length + 2);
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(settingsMarkdown());
  for (const { description } of settingsTable()) expect(description).not.toBe('');
});

test('every default in the example is accepted as it stands', () => {
  const env = Object.fromEntries(
    [...environmentExample().matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]),
  );
  expect(readSettings(env, machine)).toEqual(readSettings({}, machine));
});

test("the machine's memory is a number of bytes within reason", () => {
  const { memory, cores } = thisMachine();
  expect(memory).toBeGreaterThan(100e6);
  expect(memory).toBeLessThan(1e15);
  expect(cores).toBeGreaterThanOrEqual(1);
});
