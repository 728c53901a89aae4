/**
 * The BrushLabels RLE of Label Studio is a big-endian bit stream (the format of @thi.ng/rle-pack):
 *
 *     32 bits  N, the number of words: 4 × pixels, the channels of an RGBA picture, row-major from the top left; the mask is channel 3 (alpha)
 *      5 bits  word size - 1 (always 7: 8-bit words)
 *    4×4 bits  the four length sizes - 1 (Label Studio: 3, 4, 8, 16 bits)
 *     then, until N words are there:
 *      1 bit   1: a run, 0: a literal block
 *      2 bits  index of the length size
 *      size    length - 1
 *      8 bits  the run's word; or 8 × length bits, the block's words
 *     zero bits to the end of the byte
 */
export const RLE_HEADER = 0b00111_0010_0011_0111_1111;
