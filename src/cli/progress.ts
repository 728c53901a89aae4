import { formatSeconds } from './format-seconds.ts';

/** Between two progress lines in a log. */
const LOG_INTERVAL_MS = 5000;
/** In a log, work that is over sooner than this gets no progress line. */
const SHORT_MS = 2000;
const TICK_MS = 500;
const MIN_COLUMNS = 20;
/** Clears the line of a terminal. */
const CLEAR = '\r\x1b[2K';

/** What a command says while it works: lines that stay, and one line on how far it is. A terminal rewrites that one in place; a log gets it now and then. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #logged = 0;
  #open = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** How far it is. */
  show(text: string): void {
    const now = Date.now();
    if (this.#out.isTTY) {
      this.#out.write(`${CLEAR}${text.slice(0, Math.max(MIN_COLUMNS, this.#out.columns - 1))}`);
      this.#open = true;
    } else if (now - this.#logged >= LOG_INTERVAL_MS) {
      this.#out.write(`${text}\n`);
      this.#logged = now;
    }
  }

  /** Takes the line on how far it is away. */
  end(): void {
    if (this.#open) this.#out.write(CLEAR);
    this.#open = false;
  }

  /** A line that stays. */
  say(text = ''): void {
    this.end();
    this.#out.write(`${text}\n`);
  }

  /** Does the work while a line says what it is, how far (`tell`), and for how long. */
  async during<T>(what: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    let detail = '';
    const show = () => {
      const elapsed = performance.now() - started;
      if (!this.#out.isTTY && elapsed < SHORT_MS) return;
      const doing = detail === '' ? what : `${what}: ${detail}`;
      this.show(`  ${doing}${elapsed < SHORT_MS ? '' : `  ${formatSeconds(elapsed / 1000, 0)}`}`);
    };
    const timer = setInterval(show, TICK_MS);
    show();
    try {
      return await work((text) => {
        detail = text;
      });
    } finally {
      clearInterval(timer);
      this.end();
    }
  }
}
