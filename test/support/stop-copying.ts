import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/** Holds the process that copies this file, wherever it is in it, as a disk would that hangs; gives the function that lets it go on. Works where there is a /proc. */
export async function stopCopying(file: string): Promise<() => void> {
  const pid = await until('somebody copies the file', async () => copiers(file)[0], { every: 5 });
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}

function copiers(file: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isCopying(pid, file)).map(Number);
}

function isCopying(pid: string, file: string): boolean {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return args.some((arg) => arg.endsWith('copying-process.ts')) && args.includes(file);
  } catch {
    return false;
  }
}
