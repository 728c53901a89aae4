import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from '../../src/storage-address.ts';

/** A real S3-compatible server of the tests: `http://KEY:SECRET@host:port/bucket` (.ci/s3.sh starts one). */
const SERVER = process.env.TEST_S3_URL ?? '';

/** A part of the test bucket that nobody else uses; the keys go where the product looks for them. */
export async function s3Place(): Promise<S3Place & { readonly endpoint: string }> {
  const { origin, username, password, pathname } = new URL(SERVER);
  process.env.AWS_ACCESS_KEY_ID = username;
  process.env.AWS_SECRET_ACCESS_KEY = password;
  const place = { kind: 's3', bucket: pathname.slice(1), prefix: randomUUID(), endpoint: origin, region: 'us-east-1' } as const;
  const client = new S3Client({ region: place.region, endpoint: origin, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: place.bucket })).catch((error: Error) => {
    if (!/BucketAlready/.test(error.name)) throw error;
  });
  client.destroy();
  return place;
}
