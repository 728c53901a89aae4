import { damaged, excessive } from './refusal.ts';

/** LONG1 and LONG4: two's complement, least byte first. @throws DatasetGanError `checkpoint-hostile` beyond 256 bytes */
export function littleEndian(bytes: Uint8Array): number | bigint {
  if (bytes.length > 256) throw excessive('an integer of more than 256 bytes');
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  if (bytes.length > 0 && bytes.at(-1)! >= 128) value -= 1n << BigInt(8 * bytes.length);
  return narrowed(value);
}

/** INT and LONG, as text. @throws DatasetGanError `checkpoint-damaged` */
export function decimal(text: string, orBoolean: boolean): number | bigint | boolean {
  if (orBoolean && (text === '01' || text === '00')) return text === '01';
  if (!/^-?\d{1,600}$/.test(text)) throw damaged('an integer is malformed');
  return narrowed(BigInt(text));
}

/** A number, as long as it is exact. */
function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
