/** Loaded before anything else (`node --import`): in this process all clocks are off by CLOCK_OFFSET_MS, as on a machine that nobody set right. */
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const RightDate = Date;

class SkewedDate extends RightDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RightDate.now() + offset);
    else super(...given);
  }

  static override now(): number {
    return RightDate.now() + offset;
  }
}
globalThis.Date = SkewedDate as DateConstructor;
