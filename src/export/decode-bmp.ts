import { decode } from 'bmp-ts';

/** Bits a pixel that are read; files of 4 or 16 bits, and compressed ones, are rare and are not. */
const DEPTHS = [1, 8, 24, 32];
const BITFIELDS = 3;
const UNCOMPRESSED = [0, BITFIELDS];
const FILE_HEADER_BYTES = 14;
/** With the smallest information header behind it (BITMAPINFOHEADER). */
const HEADER_BYTES = FILE_HEADER_BYTES + 40;
/** As sharp has it for all other formats. */
const MAX_PIXELS = 0x3fff ** 2;

export interface RgbPicture {
  /** Red, green, blue of each pixel, row-major from the top left. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/**
 * The pixels of a BMP, without its alpha: browsers show it opaque. Its size is looked at before it is unpacked.
 * @throws Error when it is damaged, or of a kind that is not read
 */
export function decodeBmp(bytes: Uint8Array): RgbPicture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES) throw new Error('the BMP is truncated');
  const [width, height] = [file.readInt32LE(18), Math.abs(file.readInt32LE(22))];
  const [bits, compression] = [file.readUInt16LE(28), file.readUInt32LE(30)];
  if (!DEPTHS.includes(bits) || !UNCOMPRESSED.includes(compression))
    throw new Error(`it is a BMP with ${bits} bits per pixel and compression ${compression}: save it as PNG`);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS && rowBytes * height <= file.length))
    throw new Error(`the BMP has ${file.length} bytes, too few or too many pixels for ${width}x${height}`);
  // The decoder reads pixels straight behind the colours, whatever the header says.
  if (file.readUInt32LE(10) !== colourEnd(file, bits, compression))
    throw new Error('the BMP has a gap before its pixels: save it as PNG');
  const { data: abgr } = decode(file);
  const data = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < abgr.length; from += 4, to += 3) {
    data[to] = abgr[from + 3]!;
    data[to + 1] = abgr[from + 2]!;
    data[to + 2] = abgr[from + 1]!;
  }
  return { data, width, height };
}

/** Where headers, channel masks and palette end. */
function colourEnd(file: Buffer, bits: number, compression: number): number {
  const header = file.readUInt32LE(14);
  const masks = header === HEADER_BYTES - FILE_HEADER_BYTES && compression === BITFIELDS ? 12 : 0;
  const colours = file.readUInt32LE(46) || (bits <= 8 ? 2 ** bits : 0);
  return FILE_HEADER_BYTES + header + masks + 4 * colours;
}
