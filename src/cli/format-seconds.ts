/** `8.1 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number, digits = 1): string {
  if (seconds < 60) return `${seconds.toFixed(digits)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
