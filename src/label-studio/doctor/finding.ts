/** One thing that was looked at. `warn` works, but not as it should; `fail` does not work. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** The setting that fixes it. */
  readonly fix?: string;
}

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string, fix: string): Finding => ({ level: 'warn', what, fix });
export const fail = (what: string, fix: string): Finding => ({ level: 'fail', what, fix });
