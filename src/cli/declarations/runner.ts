/** Makes the action of a command of its work, which gives the exit code. */
export type Runner = <A extends readonly unknown[]>(work: (...args: A) => Promise<number>) => (...args: A) => Promise<void>;
