import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

const MIB = 2 ** 20;
/** S3 allows 10,000 parts of 5 MiB to 5 GiB; parts that grow reach 5 TB with a buffer that stays small for ordinary objects. */
const partBytes = (part: number): number => 8 * MIB * 2 ** Math.floor(part / 1000);

/**
 * Uploads bytes whose number is not known beforehand, in parts that are sent one after the other; fewer than one part are put at once. The
 * object appears when all of it is there. An upload that fails is withdrawn, so that no parts are left to be paid for.
 */
export async function uploadStream(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  let upload: string | undefined;
  const parts: CompletedPart[] = [];
  try {
    for await (const { bytes, last } of inParts(content)) {
      if (last && upload === undefined) {
        await client.send(new PutObjectCommand({ ...target, Body: bytes }));
        return;
      }
      upload ??= (await client.send(new CreateMultipartUploadCommand(target))).UploadId;
      const PartNumber = parts.length + 1;
      const sent = await client.send(new UploadPartCommand({ ...target, UploadId: upload, PartNumber, Body: bytes }));
      parts.push({ PartNumber, ETag: sent.ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId: upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    // Best effort: what failed is the upload.
    if (upload !== undefined)
      await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: upload })).catch(() => undefined);
    throw error;
  }
}

/** The same bytes in pieces of the sizes that parts have; only the last is shorter, and it may be empty. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let part = 0;
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    let rest = chunk;
    while (length + rest.byteLength > partBytes(part)) {
      const fitting = partBytes(part) - length;
      yield { bytes: Buffer.concat([...waiting, rest.subarray(0, fitting)]), last: false };
      rest = rest.subarray(fitting);
      [waiting, length] = [[], 0];
      part++;
    }
    waiting.push(rest);
    length += rest.byteLength;
  }
  yield { bytes: Buffer.concat(waiting), last: true };
}
