/** Who waits for the token; the dialog lets all of them go on. */
let waiting: PromiseWithResolvers<void> | undefined;
const watchers = new Set<(open: boolean) => void>();

/** Ends when the reader has given the right token. */
export function askForToken(): Promise<void> {
  waiting ??= Promise.withResolvers<void>();
  for (const tell of watchers) tell(true);
  return waiting.promise;
}

/** The token was taken. */
export function tokenGiven(): void {
  waiting?.resolve();
  waiting = undefined;
  for (const tell of watchers) tell(false);
}

/** Calls back when the dialog has to open or close. @returns how to stop it */
export function watchToken(tell: (open: boolean) => void): () => void {
  watchers.add(tell);
  tell(waiting !== undefined);
  return () => watchers.delete(tell);
}
