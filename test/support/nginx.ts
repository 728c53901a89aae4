import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './our-server.ts';
import { until } from './until.ts';

/** A certificate of this machine's loopback names, signed by itself. */
export interface Certificate {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
  remove(): Promise<void>;
}

export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-tls-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await promisify(execFile)('openssl', [...request, ...names, '-out', certificate, '-keyout', key]);
  return { certificate, key, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface Proxies {
  /** https at the root; our server is told the name of an inner network as `Host`. */
  readonly secure: string;
  /** http below a path; our server is told its own address as `Host`, as nginx does by itself. */
  readonly below: string;
  stop(): Promise<void>;
}

/** An nginx of its own before the server at `upstream`. */
export async function startNginx(upstream: string, { certificate, key }: Certificate): Promise<Proxies> {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-nginx-'));
  const [plain, tls] = [await freePort(), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    // Started by root, its workers would be nobody, who may not write here.
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; events {}
http { access_log off; client_max_body_size 0; ${temporary.join(' ')}
  server { listen 127.0.0.1:${plain}; location /tools/dg/ { proxy_pass ${upstream}/; } }
  server { listen 127.0.0.1:${tls} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};
    location / { proxy_pass ${upstream}; proxy_set_header Host datasetgan.inner:9090; } } }
`,
  );
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  const below = `http://127.0.0.1:${plain}/tools/dg/`;
  await until('nginx answers', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}.`);
    return (await fetch(`${below}livez`).catch(() => undefined))?.ok;
  });
  return {
    secure: `https://localhost:${tls}`,
    below,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
