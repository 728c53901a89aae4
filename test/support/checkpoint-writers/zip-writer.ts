/** One file of an archive; `method` and `flags` only to write archives that must be refused. */
export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
}

/** A zip as torch.save writes it: stored, sizes only in the central directory, data at multiples of 64 bytes, and always a ZIP64 end record. */
export function writeZip(files: readonly ZipFile[]): Uint8Array {
  const out: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const push = (bytes: Uint8Array) => {
    out.push(Buffer.from(bytes));
    at += bytes.length;
  };
  for (const { name, bytes, method = 0, flags = 0x0808 } of files) {
    const encoded = Buffer.from(name, 'utf8');
    const header = at;
    const padding = 64 - ((at + 30 + encoded.length + 4) % 64);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(encoded.length, 26);
    local.writeUInt16LE(4 + padding, 28);
    const extra = Buffer.alloc(4 + padding, 'Z');
    extra.writeUInt16LE(0x4246, 0);
    extra.writeUInt16LE(padding, 2);
    push(Buffer.concat([local, encoded, extra]));
    push(bytes);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(bytes.length, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(encoded.length, 28);
    entry.writeUInt32LE(header, 42);
    directory.push(Buffer.concat([entry, encoded]));
  }
  const start = at;
  for (const entry of directory) push(entry);
  const size = at - start;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(files.length), 24);
  end64.writeBigUInt64LE(BigInt(files.length), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(start, 16);
  push(end64);
  push(locator);
  push(end);
  return Buffer.concat(out);
}
