import { ProgressLine } from '../progress-line.ts';

/** On a pipe, work that is over sooner than this gets no progress line. */
const SHORT_MS = 2000;
const TICK_MS = 500;

/** What the demo says: lines that stay, and one progress line while something takes time. */
export class Narrator {
  readonly #out: NodeJS.WriteStream;
  readonly #line: ProgressLine;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#line = new ProgressLine(out);
  }

  say(text = ''): void {
    this.#line.end(text);
  }

  /** Does the work while a line says what it is, how far (`tell`), and for how long. */
  async during<T>(what: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    let detail = '';
    const show = () => {
      const elapsed = performance.now() - started;
      if (!this.#out.isTTY && elapsed < SHORT_MS) return;
      const parts = [
        detail === '' ? what : `${what}: ${detail}`,
        elapsed < SHORT_MS ? '' : `  ${formatSeconds(elapsed / 1000, 0)}`,
      ];
      this.#line.show(`  ${parts.join('')}`);
    };
    const timer = setInterval(show, TICK_MS);
    show();
    try {
      return await work((text) => {
        detail = text;
      });
    } finally {
      clearInterval(timer);
      this.#line.end();
    }
  }
}

/** `8.1 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number, digits = 1): string {
  if (seconds < 60) return `${seconds.toFixed(digits)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
