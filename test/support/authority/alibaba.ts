import { createHash, createHmac } from 'node:crypto';
import type { Answer, Asked, Request, Vendor } from './stand-in.ts';

export const alibabaKeys = {
  accessKeyId: 'LTAIspecimen0000',
  accessKeySecret: 'specimen-alibaba-access-key-secret',
};

const required = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-version'];
const requestId = '130A2C10-B9EE-4D84-88E3-5384FF039795';

/**
 * Alibaba Cloud's gateway and cloudauth behind it: ACS3-HMAC-SHA256 recomputed from what arrived, fifteen minutes of
 * tolerance, each nonce once, the two operations and their fields.
 */
export function alibabaVendor(now: () => number): Vendor {
  const nonces = new Set<string>();
  return {
    check(request) {
      const refusal = refusalOf(request, now(), nonces);
      if (refusal) return { refusal };
      const form = new URLSearchParams(request.body);
      const face = request.headers['x-acs-action'] === 'Id3MetaVerify';
      const wanted = ['IdentifyNum', 'ParamType', 'UserName', ...(face ? ['FacePicture'] : [])];
      if (wanted.some((field) => !form.get(field))) return { refusal: verdict('400') };
      if (form.get('ParamType') !== 'normal') return { refusal: verdict('401') };
      return { asked: understood(form) };
    },
    answer: (asked) =>
      asked.face
        ? verdict('200', { BizCode: '1', SubCode: '101', FaceDetail: '{"verifyScore": 93.5}' })
        : verdict('200', { BizCode: '1' }),
  };
}

/** The service answers HTTP 200 and says in `Code` whether it worked. */
export const verdict = (code: string, result?: object): Answer => ({
  status: 200,
  body: { Code: code, Message: '—', RequestId: requestId, ...(result ? { ResultObject: result } : {}) },
});

/** The gateway refuses by HTTP status and a code in words. */
export const refuse = (status: number, code: string, message = 'no'): Answer => ({
  status,
  body: { Code: code, Message: message, RequestId: requestId, HostId: 'cloudauth.aliyuncs.com' },
});

function understood(form: URLSearchParams): Asked {
  const face = form.get('FacePicture');
  return {
    name: form.get('UserName') ?? '',
    number: form.get('IdentifyNum') ?? '',
    ...(face ? { face: Buffer.from(face, 'base64') } : {}),
  };
}

function refusalOf({ method, url, headers, body }: Request, now: number, nonces: Set<string>) {
  const authorization =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!authorization) return refuse(400, 'IncompleteSignature');
  const [, keyId, signedHeaders = '', signature] = authorization;
  if (keyId !== alibabaKeys.accessKeyId) return refuse(404, 'InvalidAccessKeyId.NotFound');
  const names = signedHeaders.split(';');
  const sentHeaders = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'host');
  if ([...required, ...sentHeaders].some((name) => !names.includes(name)))
    return refuse(400, 'IncompleteSignature');
  const date = String(headers['x-acs-date']);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) return refuse(400, 'InvalidTimeStamp.Format');
  if (Math.abs(now - Date.parse(date)) > 15 * 60_000) return refuse(400, 'InvalidTimeStamp.Expired');
  const digest = createHash('sha256').update(body).digest('hex');
  if (headers['x-acs-content-sha256'] !== digest) return refuse(400, 'SignatureDoesNotMatch');
  const [path = '', query = ''] = url.split('?');
  const lines = [...names].sort().map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, query, lines.join(''), signedHeaders, digest].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const expected = createHmac('sha256', alibabaKeys.accessKeySecret).update(toSign).digest('hex');
  if (expected !== signature) return refuse(400, 'SignatureDoesNotMatch');
  const nonce = String(headers['x-acs-signature-nonce']);
  if (nonces.has(nonce)) return refuse(400, 'SignatureNonceUsed');
  nonces.add(nonce);
  if (headers['x-acs-version'] !== '2019-03-07') return refuse(404, 'NoSuchVersion');
  if (!['Id2MetaVerify', 'Id3MetaVerify'].includes(String(headers['x-acs-action'])))
    return refuse(404, 'InvalidApi.NotFound');
  return undefined;
}
