import { createHash, createHmac } from 'node:crypto';
import type { Answer, Asked, Request, Vendor } from './stand-in.ts';

export const tencentKeys = { secretId: 'AKIDspecimen0000000000', secretKey: 'specimen-tencent-secret-key' };

const algorithm = 'TC3-HMAC-SHA256';
const faceid = {
  service: 'faceid',
  version: '2018-03-01',
  actions: ['IdCardVerification', 'ImageRecognitionV2'],
};

/**
 * Tencent Cloud as a caller of FaceID meets it: TC3-HMAC-SHA256 recomputed from what arrived, five minutes of
 * tolerance, the two actions and their fields. https://tencentcloud.com/zh/document/product/1021/34193.
 */
export function tencentVendor(now: () => number): Vendor {
  return {
    check(request) {
      const refusal = refusalOf(request, now());
      if (refusal) return { refusal: refuse(refusal) };
      const sent = JSON.parse(request.body) as Record<string, unknown>;
      const face = request.headers['x-tc-action'] === 'ImageRecognitionV2';
      const wanted = ['IdCard', 'Name', ...(face ? ['ImageBase64'] : [])];
      if (wanted.some((field) => typeof sent[field] !== 'string' || sent[field] === ''))
        return { refusal: refuse('MissingParameter') };
      if (Object.keys(sent).some((field) => !wanted.includes(field)))
        return { refusal: refuse('UnknownParameter') };
      return { asked: understood(sent as Record<string, string>) };
    },
    answer: (asked) => (asked.face ? recognised('Success', 89.88) : verified('0')),
  };
}

export const verified = (result: string): Answer => ok({ Result: result, Description: '—' });
export const recognised = (result: string, similarity?: number): Answer =>
  ok({ Result: result, Description: '—', ...(similarity === undefined ? {} : { Sim: similarity }) });
export const refuse = (code: string, message = 'no'): Answer =>
  ok({ Error: { Code: code, Message: message } });

/** Results and errors alike are HTTP 200. */
export function ok(response: object): Answer {
  return {
    status: 200,
    body: { Response: { ...response, RequestId: 'f904f4cf-75db-4f8f-a5ec-dc4f942c7f7a' } },
  };
}

function understood(sent: Record<string, string>): Asked {
  const face = sent['ImageBase64'];
  return {
    name: sent['Name'] ?? '',
    number: sent['IdCard'] ?? '',
    ...(face ? { face: Buffer.from(face, 'base64') } : {}),
  };
}

/** What Tencent Cloud checks of every call; undefined where it would be taken. */
export function refusalOf(
  { method, url, headers, body }: Request,
  now: number,
  expected: { service: string; version: string; actions: readonly string[] } = faceid,
): string | undefined {
  const authorization =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/(\w+)\/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!authorization) return 'AuthFailure.InvalidAuthorization';
  const [, secretId, date = '', service = '', signedHeaders = '', signature] = authorization;
  const timestamp = Number(headers['x-tc-timestamp']);
  if (secretId !== tencentKeys.secretId) return 'AuthFailure.SecretIdNotFound';
  if (Math.abs(now / 1000 - timestamp) > 300) return 'AuthFailure.SignatureExpire';
  if (date !== new Date(timestamp * 1000).toISOString().slice(0, 10)) return 'AuthFailure.SignatureFailure';
  const names = signedHeaders.split(';');
  if (service !== expected.service || !names.includes('content-type') || !names.includes('host'))
    return 'AuthFailure.SignatureFailure';
  // The port is no part of the host that is signed.
  const valueOf = (name: string) =>
    name === 'host' ? (headers.host ?? '').replace(/:\d+$/, '') : String(headers[name]).trim();
  const [path = '', query = ''] = url.split('?');
  const lines = names.map((name) => `${name}:${valueOf(name).toLowerCase()}\n`).join('');
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${signedHeaders}\n${hash(body)}`;
  const toSign = `${algorithm}\n${timestamp}\n${date}/${service}/tc3_request\n${hash(canonical)}`;
  const key = hmac(hmac(hmac(`TC3${tencentKeys.secretKey}`, date), service), 'tc3_request');
  if (hmac(key, toSign).toString('hex') !== signature) return 'AuthFailure.SignatureFailure';
  if (headers['x-tc-version'] !== expected.version) return 'NoSuchVersion';
  return expected.actions.includes(String(headers['x-tc-action'])) ? undefined : 'InvalidAction';
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
