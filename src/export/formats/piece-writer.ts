import { ByteWriter } from 'hyparquet-writer';

/** Pieces from this size on are passed on as they are. */
const LARGE = 4096;

/** What a ParquetWriter writes, as pieces for a file; large ones are not copied. */
export class PieceWriter extends ByteWriter {
  #pieces: Uint8Array[] = [];

  override appendBytes(value: Uint8Array): void {
    if (value.length < LARGE) {
      super.appendBytes(value);
      return;
    }
    this.#cut();
    this.#pieces.push(value);
    this.offset += value.length;
  }

  /** What was written since the last call. */
  take(): readonly Uint8Array[] {
    this.#cut();
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #cut(): void {
    if (this.index === 0) return;
    this.#pieces.push(this.getBytes().slice());
    this.index = 0;
  }
}
