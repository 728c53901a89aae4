import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { DatasetGanError } from '../../errors.ts';
import type { S3Place } from '../../storage-address.ts';
import { uploadStream } from './s3-upload.ts';
import { checkKey, missingObject, type Storage, type StoredObject } from './storage.ts';

const WEEK_SECONDS = 7 * 86_400;
/** How often a download that ends too early goes on without having got one byte further. */
const RESUMES = 4;
/** Headers for a browser that follows a link to the object, by the ending of its key. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  bin: 'application/octet-stream',
  html: 'text/html',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  png: 'image/png',
  tar: 'application/x-tar',
  txt: 'text/plain',
  xml: 'application/xml',
  yaml: 'text/yaml',
};

/** A bucket of S3, or of anything that speaks its protocol (MinIO, SeaweedFS, R2, Ceph …). Keys of the account come from the usual AWS_* variables. */
export class S3Storage implements Storage {
  readonly shared = true;
  readonly folder = null;
  readonly place: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor({ bucket, prefix, endpoint, region }: S3Place) {
    this.place = `bucket ${bucket}${endpoint === null ? '' : ` of ${endpoint}`}`;
    this.#bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#client = new S3Client({
      region,
      maxAttempts: 5,
      requestHandler: { connectionTimeout: 10_000, socketTimeout: 120_000 },
      // Servers other than Amazon's do not all know the newer checksums; what must be whole is checked by its sha256.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    });
  }

  async put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const place = this.#at(key);
    await this.#ask(key, async () => {
      if (!(content instanceof Uint8Array)) return await uploadStream(this.#client, place, content);
      await this.#client.send(new PutObjectCommand({ ...place, Body: content, ContentType: contentType(key) }));
    });
  }

  async get(key: string): Promise<Uint8Array> {
    const place = this.#at(key);
    return await this.#ask(key, async () => {
      const { Body } = await this.#client.send(new GetObjectCommand(place));
      return Body!.transformToByteArray();
    });
  }

  /** A connection that breaks (or that the server closes because the reader is slow) is taken up again at the byte where it broke. */
  async stream(key: string): Promise<Readable> {
    const first = await this.#ask(key, () => this.#download(key, 0));
    return Readable.from(this.#resuming(key, first), { objectMode: false });
  }

  async *#resuming(key: string, first: Download): AsyncGenerator<Uint8Array> {
    let { body } = first;
    let at = 0;
    for (let failures = 0; at < first.length || first.length === 0; ) {
      try {
        for await (const chunk of body) {
          yield chunk;
          at += chunk.byteLength;
          failures = 0;
        }
        if (at >= first.length) return;
        throw new Error(`the answer ended after ${at} of ${first.length} bytes`);
      } catch (error) {
        if (failures++ === RESUMES) throw this.#explained(key, error);
        ({ body } = await this.#ask(key, () => this.#download(key, at, first.etag)));
      }
    }
  }

  async #download(key: string, from: number, etag?: string): Promise<Download> {
    const { Body, ContentLength, ETag } = await this.#client.send(
      new GetObjectCommand({ ...this.#at(key), ...(from === 0 ? {} : { Range: `bytes=${from}-`, IfMatch: etag }) }),
    );
    return { body: Body as Readable, length: ContentLength ?? 0, etag: ETag };
  }

  async has(key: string): Promise<boolean> {
    const place = this.#at(key);
    return await this.#ask(key, () =>
      this.#client.send(new HeadObjectCommand(place)).then(
        () => true,
        (error: S3ServiceException) => {
          if (error.$metadata?.httpStatusCode === 404) return false;
          throw error;
        },
      ),
    );
  }

  async delete(key: string): Promise<void> {
    const place = this.#at(key);
    await this.#ask(key, () => this.#client.send(new DeleteObjectCommand(place)));
  }

  async deleteAll(prefix: string): Promise<void> {
    const Bucket = this.#bucket;
    await this.#ask(prefix, async () => {
      for await (const { Contents = [] } of this.#pages(prefix)) {
        if (Contents.length === 0) continue;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        await this.#client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      }
    });
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const pages = this.#pages(prefix);
    try {
      for await (const { Contents = [] } of pages)
        for (const { Key = '', Size = 0 } of Contents) yield { key: Key.slice(this.#prefix.length), bytes: Size };
    } catch (error) {
      throw this.#explained(prefix, error);
    }
  }

  async link(key: string, seconds: number): Promise<string> {
    const expiresIn = Math.max(1, Math.min(WEEK_SECONDS, Math.floor(seconds)));
    const request = new GetObjectCommand(this.#at(key));
    return await this.#ask(key, () => getSignedUrl(this.#client, request, { expiresIn }));
  }

  /** A thousand objects a page. */
  #pages(prefix: string): AsyncIterable<ListObjectsV2CommandOutput> {
    return paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: `${this.#name(prefix)}/` });
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#name(key) };
  }

  #name(key: string): string {
    return this.#prefix + checkKey(key);
  }

  async #ask<T>(key: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw this.#explained(key, error);
    }
  }

  #explained(key: string, cause: unknown): DatasetGanError {
    if (cause instanceof DatasetGanError) return cause;
    const { name, message, $metadata } = cause as S3ServiceException;
    const status = $metadata?.httpStatusCode ?? 0;
    if (name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket')) return missingObject(key, this.place, cause);
    const reason = message && message !== 'UnknownError' ? message : name;
    if (status === 400 || status === 401 || status === 403 || status === 404 || name === 'CredentialsProviderError')
      return new DatasetGanError('bad-settings', `The storage (${this.place}) rejects the request: ${name}: ${reason}`, {
        fix: 'Check STORAGE_URL, S3_ENDPOINT, S3_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and the permissions of these keys.',
        cause,
      });
    return new DatasetGanError('storage-down', `The storage (${this.place}) does not answer: ${reason}`, {
      fix: 'Check that it runs and that this machine can reach it (STORAGE_URL, S3_ENDPOINT).',
      cause,
    });
  }
}

interface Download {
  readonly body: Readable;
  readonly length: number;
  readonly etag: string | undefined;
}

function contentType(key: string): string | undefined {
  return CONTENT_TYPES[key.split('.').at(-1) ?? ''];
}
