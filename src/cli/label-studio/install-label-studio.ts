import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';

/** The version that everything here was tried with. */
export const LABEL_STUDIO_VERSION = '1.23.2';

/** Its command in that virtual environment. */
export function labelStudioCommand(venv: string): string {
  return join(venv, 'bin', 'label-studio');
}

/** Whether `venv` has it, whole. */
function isLabelStudioInstalled(venv: string): boolean {
  return existsSync(labelStudioCommand(venv)) && existsSync(marker(venv));
}

/** Written last: an installation that was broken off is done again. */
function marker(venv: string): string {
  return join(venv, `label-studio-${LABEL_STUDIO_VERSION}-installed`);
}

/**
 * Installs Label Studio from Python's package index into a virtual environment of its own, unless it is there. About 1 GB and a minute or two.
 * @throws DatasetGanError `label-studio-down` saying what is missing: Python 3.10, its venv module, or the package index
 */
export async function installLabelStudio(
  venv: string,
  options: { readonly onProgress?: (text: string) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (isLabelStudioInstalled(venv)) return;
  const { onProgress = () => {}, signal } = options;
  const python = await findPython(signal);
  await makeFolders(venv);
  onProgress(`Label Studio ${LABEL_STUDIO_VERSION}: making a Python environment`);
  const made = await run(python, ['-m', 'venv', venv], () => {}, signal);
  if (made.code !== 0)
    throw cannot(`${python} -m venv failed: ${made.last}`, 'Install its venv module, on Debian: apt-get install python3-venv');
  let stage = 'asking the package index';
  let packages = 0;
  const started = Date.now();
  const tell = () => {
    onProgress(`Label Studio ${LABEL_STUDIO_VERSION}: installing, ${stage}, ${Math.round((Date.now() - started) / 1000)} s`);
  };
  // Unpacking says nothing for a minute.
  const ticking = setInterval(tell, 1000);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--retries', '2'];
  const installed = await run(
    join(venv, 'bin', 'python'),
    [...pip, `label-studio==${LABEL_STUDIO_VERSION}`],
    (line) => {
      if (line.startsWith('Collecting')) stage = `${++packages} packages found`;
      if (line.startsWith('Installing collected')) stage = `unpacking ${packages} packages (about 1 GB)`;
      tell();
    },
    signal,
  ).finally(() => clearInterval(ticking));
  if (installed.code !== 0 || !existsSync(labelStudioCommand(venv)))
    throw cannot(
      `pip could not install it: ${installed.last}`,
      'Allow access to the Python package index (pip install label-studio must work), or set LABEL_STUDIO_URL.',
    );
  await writeFile(marker(venv), '');
}

async function findPython(signal: AbortSignal | undefined): Promise<string> {
  const seen: string[] = [];
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const { code, last } = await run(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], () => {}, signal);
    if (code !== 0) continue;
    const [major = 0, minor = 0] = last.split('.').map(Number);
    if (major === 3 && minor >= 10) return name;
    seen.push(`${name} is ${last}`);
  }
  const found = seen.length === 0 ? 'there is no python3 on the PATH' : seen.join(', ');
  throw cannot(
    `it needs Python 3.10 or newer, and ${found}`,
    'Install Python 3.10 or newer, or set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.',
  );
}

function cannot(why: string, fix: string): DatasetGanError {
  return new DatasetGanError('label-studio-down', `Label Studio cannot be installed here: ${why}.`, { fix });
}

/** Runs a program to its end, telling each line. `last` is its last line; code 127 when it cannot be started. */
function run(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<{ code: number; last: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let last = '';
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        if (line.trim() === '') return;
        last = line.trim();
        onLine(last);
      });
    child.on('error', (error) => {
      if (signal?.aborted === true) reject(signal.reason);
      else resolve({ code: 127, last: error.message });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, last }));
  });
}
