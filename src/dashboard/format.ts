/** Numbers and moments in the reader's locale. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** @param digits after the decimal point, at most */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: digits });
}

/** Exactly two digits, as mIoU is written: 0.75. */
export function share(value: number): string {
  return value.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** @param value 1 is 100 % */
export function percent(value: number, digits = 0): string {
  return value.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: digits });
}

/** Decimal units: 1 kB is 1,000 bytes. */
export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const amount = value / 1000 ** step;
  return amount.toLocaleString(undefined, {
    style: 'unit',
    unit: UNITS[step]!,
    unitDisplay: 'short',
    maximumFractionDigits: amount < 10 && step > 0 ? 1 : 0,
  });
}

/** The two largest units: 2 h 5 min, 3 min 10 s, 4.2 s. */
export function duration(seconds: number): string {
  const unit = (value: number, name: string, digits = 0) =>
    value.toLocaleString(undefined, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
  if (seconds < 10) return unit(seconds, 'second', 1);
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600), Math.floor(whole / 60)];
  if (days > 0) return `${unit(days, 'day')} ${unit(hours % 24, 'hour')}`;
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`;
  if (minutes > 0) return `${unit(minutes, 'minute')} ${unit(whole % 60, 'second')}`;
  return unit(whole, 'second');
}

/** Day and time. @param text ISO 8601 */
export function moment(text: string): string {
  return new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** 3 minutes ago. @param text ISO 8601 @param now milliseconds since the epoch */
export function ago(text: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(text) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const)
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  return format.format(seconds, 'second');
}
