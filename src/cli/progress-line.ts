import type { Job } from '../api/answers.ts';

/** One line on the terminal that is rewritten in place; on a pipe, a line of its own at most every five seconds. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  #last = 0;
  #open = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  show(text: string): void {
    const now = Date.now();
    if (this.#out.isTTY) {
      this.#out.write(`\r\x1b[2K${text.slice(0, Math.max(20, this.#out.columns - 1))}`);
      this.#open = true;
    } else if (now - this.#last >= 5000) {
      this.#out.write(`${text}\n`);
      this.#last = now;
    }
  }

  /** Replaces the line by a final one. */
  end(text?: string): void {
    if (this.#open) this.#out.write('\r\x1b[2K');
    this.#open = false;
    if (text !== undefined) this.#out.write(`${text}\n`);
  }
}

/** `train  120/600  40.0/s  12 s left` */
export function describeJob(job: Job): string {
  const parts: string[] = [job.kind];
  if (job.total > 0) parts.push(`${job.done}/${job.total}`);
  else parts.push(job.state);
  if (job.rate !== null) parts.push(`${job.rate < 10 ? job.rate.toFixed(1) : Math.round(job.rate)}/s`);
  if (job.eta !== null) parts.push(`${Math.ceil(job.eta)} s left`);
  return parts.join('  ');
}
