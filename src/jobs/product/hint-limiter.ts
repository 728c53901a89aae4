/** Seconds between two looks at Label Studio, for one project, that events without our secret can cause. */
export const SPACING_SECONDS = 5;

/** A job that looks at a project in Label Studio. */
export type LookKind = 'train' | 'reconcile' | 'orders';

/** What is to be done about an event, and in how many seconds. */
export interface Look {
  readonly kind: LookKind;
  readonly startAfter: number;
}

/**
 * Anyone who reaches us can send events. One that carries no secret has us look at once if there was no such look for a while, else when that is over;
 * those that come until then are seen by the same look. So a flood costs Label Studio no more than a request now and then, and nothing is lost.
 */
export class HintLimiter {
  readonly #looks = new Map<string, { readonly kind: LookKind; readonly at: number }>();

  /** @param now milliseconds */
  take(project: string, kind: LookKind, now: number): Look {
    const last = this.#looks.get(project);
    if (last !== undefined && now < last.at) return { kind: last.kind, startAfter: Math.ceil((last.at - now) / 1000) };
    const at = last === undefined ? now : Math.max(now, last.at + SPACING_SECONDS * 1000);
    this.#looks.set(project, { kind, at });
    return { kind, startAfter: Math.ceil((at - now) / 1000) };
  }
}
