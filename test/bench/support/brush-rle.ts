/** A brush annotation of about that many bytes, as the numbers of its RLE. */
export const brushRle = (bytes: number): string => `[0${',123,45,6'.repeat(bytes / 9)}]`;
