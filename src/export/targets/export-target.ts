/** Takes files. Paths have `/` between their parts. */
export interface FileTarget {
  /** A whole file. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** A file that grows while others are written. */
  open(path: string): Promise<ExportFile>;
}

/**
 * Where an export is written: a folder, an archive, or object storage. Nothing counts before `finish`; whatever goes wrong, `discard` takes back
 * what was written.
 */
export interface ExportTarget extends FileTarget {
  finish(): Promise<void>;
  discard(): Promise<void>;
}

export interface ExportFile {
  append(content: Uint8Array | string): Promise<void>;
  close(): Promise<void>;
}

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
