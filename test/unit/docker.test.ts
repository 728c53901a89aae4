import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { JOB_KINDS } from '../../src/api/answers/job.ts';
import { program } from '../../src/cli/program.ts';
import { readSettings, settingsTable } from '../../src/settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, 'docker', name), 'utf8');
const MANIFESTS = ['kubernetes/server.yaml', 'kubernetes/workers.yaml'] as const;
const FILES = ['compose.yml', 'compose.scale.yml'] as const;
const COMMANDS = program(() => {}).commands.map((command) => command.name());
const SETTINGS = settingsTable().map(({ name }) => name);
/** Read by the S3 client itself. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** The lines of a block, by the line that begins it and the indentation of what follows. */
function block(text: string, head: RegExp): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => head.test(line));
  if (from === -1) return '';
  const indent = /^ */.exec(lines[from]!)![0].length;
  const length = lines.slice(from + 1).findIndex((line) => line.trim() !== '' && /^ */.exec(line)![0].length <= indent);
  return lines.slice(from, length === -1 ? undefined : from + 1 + length).join('\n');
}
const names = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();

/** Programs and commands of our containers are there. */
function expectCommands(text: string): void {
  for (const [, program, command] of text.matchAll(/command: \["node", "(\S+)", "(\w+)"/g)) {
    expect(existsSync(join(ROOT, program!))).toBe(true);
    expect(COMMANDS).toContain(command);
  }
}

test('the image copies files that are there and that its ignore file lets through', () => {
  const ignored = read('Dockerfile.dockerignore').split('\n');
  const copied = [...read('Dockerfile').matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  expect(copied).toContain('src');
  for (const path of copied) {
    expect(existsSync(join(ROOT, path)), path).toBe(true);
    expect(ignored).toContain(`!${path}`);
  }
});

test.each(FILES)('%s gives our containers settings that there are, and commands that there are', (file) => {
  const text = read(file);
  const ours = [block(text, /^ {2}datasetgan:$/), block(text, /^ {2}worker:$/)];
  const given = names(
    [block(text, /^x-storage:/), ...ours.map((own) => block(own, /^ {4}environment:/))].join('\n'),
    /^ +([A-Z][A-Z0-9_]+):/gm,
  );
  expect(given.length).toBeGreaterThan(4);
  expect(given.filter((name) => ![...SETTINGS, ...KEYS].includes(name))).toEqual([]);
  expectCommands(text);
});

test('.env.example has all that the compose files ask for, and no more', () => {
  const asked = names(FILES.map(read).join('\n'), /(?<!\$)\$\{(\w+)/g);
  expect(names(read('.env.example'), /^([A-Z_]+)=/gm)).toEqual(asked);
});

test('images are of one version, so that what is started tomorrow is what was started today', () => {
  const [, base] = /^ARG BASE=(\S+)$/m.exec(read('Dockerfile'))!;
  const images = FILES.flatMap((file) => [...read(file).matchAll(/^ +image: (\S+)$/gm)].map(([, image]) => image!));
  expect(images.length).toBeGreaterThan(3);
  for (const image of [base, ...images]) expect(image).toMatch(/:(?!latest)[\w.-]*\d/);
});

test('Label Studio and we have a user and a database each, with a password of its own', () => {
  const compose = read('compose.yml');
  const sql = read('create-databases.sql');
  const theirs = block(compose, /^ {2}label-studio:$/);
  const [, ourUser, ourPassword, ourDatabase] = /postgres:\/\/(\w+):\$\{(\w+)[^}]*\}@postgres:5432\/(\w+)/.exec(compose)!;
  const [, theirPassword] = /POSTGRE_PASSWORD: \$\{(\w+)/.exec(theirs)!;
  const [, theirUser] = /POSTGRE_USER: (\w+)/.exec(theirs)!;
  const [, theirDatabase] = /POSTGRE_NAME: (\w+)/.exec(theirs)!;
  const parties = [
    { user: ourUser!, database: ourDatabase!, password: ourPassword! },
    { user: theirUser!, database: theirDatabase!, password: theirPassword! },
  ];
  const server = block(compose, /^ {2}postgres:$/);
  for (const { user, database, password } of parties) {
    const [, variable] = new RegExp(`CREATE USER ${user} PASSWORD :'(\\w+)';`).exec(sql)!;
    expect(sql).toContain(`\\getenv ${variable} ${password}\n`);
    expect(server).toContain(`${password}: \${${password}:`);
    expect(sql).toContain(`CREATE DATABASE ${database} OWNER ${user};`);
    expect(sql).toContain(`REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC;`);
  }
  for (const key of ['user', 'database', 'password'] as const) expect(parties[0]![key]).not.toBe(parties[1]![key]);
  // Workers log in as the server does.
  expect(read('compose.scale.yml')).toContain(`postgres://${ourUser}:\${${ourPassword}:`);
});

const found = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
const environment = (text: string, pattern: RegExp) =>
  Object.fromEntries([...text.matchAll(pattern)].map(([, name, value]) => [name!, value!.replaceAll('"', '')]));

test.each(MANIFESTS)('%s gives a container settings that are right for its memory and its cores', (file) => {
  const text = read(file);
  expectCommands(text);
  const container = block(text, /^ {6}containers:$/);
  const limits = block(container, /^ {12}limits:$/);
  const machine = { memory: Number(found(limits, /memory: (\d+)Gi/)) * 2 ** 30, cores: Number(found(limits, /cpu: "(\d+)"/)) };
  const secret = environment(read('kubernetes/secret.yaml.example'), /^ {2}([A-Z][A-Z0-9_]+): (\S+)$/gm);
  const env = {
    ...environment(block(read('kubernetes/server.yaml'), /^data:$/), /^ {2}([A-Z][A-Z0-9_]+): (\S+)$/gm),
    ...secret,
    ...environment(container, /- name: ([A-Z][A-Z0-9_]+)\n +value: (\S+)$/gm),
  };
  expect(Object.keys(env).filter((name) => ![...SETTINGS, ...KEYS].includes(name))).toEqual([]);
  // What stands in the example opens no door: it is refused until it is filled in.
  expect(() => readSettings(env, machine)).toThrow('API_TOKEN');
  const settings = readSettings({ ...env, API_TOKEN: 'filled-in-filled-in' }, machine);
  expect(settings.memoryLimit).toBe(Math.floor(0.6 * machine.memory));
  expect(settings.engineThreads).toBe(machine.cores);
  expect(block(container, /^ {12}requests:$/)).toContain(`memory: ${machine.memory / 2 ** 30}Gi`);
  // Nothing is written but in volumes.
  const volumes = [...container.matchAll(/mountPath: (\S+)/g)].map(([, path]) => path!);
  expect(volumes).toEqual(['/data', '/tmp']);
  expect(settings.dataDir.startsWith('/data/')).toBe(true);
  expect(text).toContain('runAsNonRoot: true');
  expect(container).toContain('readOnlyRootFilesystem: true');
});

test('the manifests ask where a server listens, and wait as long as the compose files do', () => {
  const [server, workers] = MANIFESTS.map(read) as [string, string];
  const port = found(read('Dockerfile'), /PORT=(\d+)/);
  expect(server).toContain(`containerPort: ${port}\n`);
  expect(server).toContain(`port: ${port}\n`);
  expect(found(server, /CALLBACK_URL: \S+:(\d+)$/m)).toBe(port);
  expect(found(workers, /containerPort: (\d+)/)).toBe(found(workers, /"--port", "(\d+)"/));
  const health = readFileSync(join(ROOT, 'src/server/routes/health.ts'), 'utf8');
  for (const [, path] of (server + workers).matchAll(/httpGet:\n +path: (\S+)/g)) expect(health).toContain(`'${path}'`);
  for (const [manifest, compose, service] of [
    [server, 'compose.yml', /^ {2}datasetgan:$/],
    [workers, 'compose.scale.yml', /^ {2}worker:$/],
  ] as const)
    expect(`${found(manifest, /terminationGracePeriodSeconds: (\d+)/)}s`).toBe(
      found(block(read(compose), service), /stop_grace_period: (\S+)/),
    );
  expect(server).toMatch(/replicas: 1\n/);
  expect(server).toContain('type: Recreate');
  expect(found(workers, /image: (\S+)/)).toBe(found(server, /image: (\S+)/));
});

test('workers are counted by a metric that there is, and stay within the connections of PostgreSQL', () => {
  const workers = read('kubernetes/workers.yaml');
  const autoscaler = workers.slice(workers.indexOf('kind: HorizontalPodAutoscaler'));
  const metric = found(autoscaler, /metric:\n +name: (\S+)/);
  expect(readFileSync(join(ROOT, 'src/server/metrics.ts'), 'utf8')).toContain(`'${metric}'`);
  expect(JOB_KINDS).toContain(found(autoscaler, /key: kind\n +operator: In\n +values: \[(\w+)\]/));
  expect(found(autoscaler, /averageValue: "(\d+)"/)).toBe(found(workers, /"--concurrency", "(\d+)"/));
  // docs/scale.md: 7 for each worker process, 16 for the server; three of the default 100 are the administrator's.
  expect(7 * Number(found(autoscaler, /maxReplicas: (\d+)/)) + 16).toBeLessThanOrEqual(97);
});
