export interface DemoOptions {
  /** Without Label Studio, into a folder. */
  readonly headless?: boolean;
  /** End when everything is done instead of staying up. */
  readonly exit?: boolean;
  /** Pictures that the demo annotates, 1 to DEMO_TASKS. */
  readonly annotations: number;
  /** Pairs of the dataset it orders, 1 to MAX_DEMO_PAIRS. */
  readonly pairs: number;
}

/** Tasks that the demo's project gets. */
export const DEMO_TASKS = 16;
export const MAX_DEMO_PAIRS = 100_000;
