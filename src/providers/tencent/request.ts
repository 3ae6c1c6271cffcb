import { createRequire } from 'node:module';
import type Sign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import type { Clock } from '../../core/clock.ts';
import { exchange, type Reply } from '../exchange.ts';

export type TencentAccount = {
  readonly secretId: string;
  readonly secretKey: string;
  /** Sent where it is given; the operations used here need none. */
  readonly region?: string | undefined;
  /** Origin; a nearer or private address of the service, or a local stand-in. */
  readonly endpoint?: string | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
};

export type TencentOperation = {
  /** First label of the service's address: `faceid`, `ocr`. */
  readonly service: string;
  readonly version: string;
  readonly action: string;
};

/** The vendor's own signer; its client is left aside (ADR 0077). */
const { default: signer } = createRequire(import.meta.url)(
  'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js',
) as typeof Sign;

/** One call of Tencent Cloud, signed by TC3-HMAC-SHA256; like `exchange` it never throws and never repeats. */
export function askTencent(
  { secretId, secretKey, region, endpoint, timeout }: TencentAccount,
  { service, version, action }: TencentOperation,
  fields: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<Reply> {
  const url = `${endpoint || `https://${service}.tencentcloudapi.com`}/`;
  const timestamp = Math.floor(clock.now() / 1000);
  const body = JSON.stringify(fields);
  const signed = { 'Content-Type': 'application/json' };
  const authorization = signer.sign3({
    method: 'POST',
    url,
    payload: Buffer.from(body),
    timestamp,
    service,
    secretId,
    secretKey,
    multipart: false,
    boundary: '',
    headers: signed,
  });
  const headers = {
    ...signed,
    Authorization: authorization,
    'X-TC-Action': action,
    'X-TC-Version': version,
    'X-TC-Timestamp': String(timestamp),
    ...(region ? { 'X-TC-Region': region } : {}),
  };
  return exchange(url, { headers, body, timeout });
}
