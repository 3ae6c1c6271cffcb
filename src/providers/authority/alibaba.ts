import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Instant } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Authority, AuthorityAnswer, AuthorityQuestion } from '../../verification/authority.ts';
import { alibabaCodes } from './alibaba-codes.ts';
import { exchange } from '../exchange.ts';
import { fromPercent, meaningOf, toAnswer, unavailable } from './meaning.ts';

export type AlibabaOptions = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Chooses a nearer address: `cn-shanghai`, `cn-beijing`. */
  readonly region?: string | undefined;
  /** Origin, instead of the region's; a local stand-in. */
  readonly endpoint?: string | undefined;
  readonly faces: boolean;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
};

type Surroundings = { readonly clock: Clock; readonly random: Random };

/** Bytes; the vendor takes less than 1 MB. */
const largestPicture = 1_000_000;

const answerSchema = z.object({
  Code: z.union([z.string(), z.number().transform(String)]),
  RequestId: z.string().optional(),
  ResultObject: z
    .object({
      BizCode: z.string().nullish(),
      SubCode: z.string().nullish(),
      FaceDetail: z.string().nullish(),
    })
    .nullish(),
});

/**
 * Alibaba Cloud identity verification: `Id2MetaVerify` for name and number, `Id3MetaVerify` where a face is compared.
 * https://help.aliyun.com/zh/id-verification/information-verification/developer-reference/vatsl9lfmbwe74iv.
 */
export function createAlibabaAuthority(options: AlibabaOptions, surroundings: Surroundings): Authority {
  return {
    name: 'alibaba_cloudauth',
    comparesFaces: options.faces,
    async look(question) {
      const face = options.faces ? question.face : undefined;
      if (face && face.length >= largestPicture) return { outcome: 'malformed', code: 'picture_too_large' };
      const reply = await exchange(...request(options, question, face, surroundings));
      if (!reply.ok) return unavailable(reply.code, reply.retryable);
      return toAlibabaAnswer(reply.status, reply.body, face !== undefined);
    },
  };
}

function request(
  { accessKeyId, accessKeySecret, region, endpoint, timeout }: AlibabaOptions,
  { name, number }: AuthorityQuestion,
  face: Buffer | undefined,
  { clock, random }: Surroundings,
): Parameters<typeof exchange> {
  const host = region ? `cloudauth.${region}.aliyuncs.com` : 'cloudauth.aliyuncs.com';
  const url = new URL(`${endpoint || `https://${host}`}/`);
  const body = new URLSearchParams({
    ParamType: 'normal',
    IdentifyNum: number,
    UserName: name,
    ...(face ? { FacePicture: face.toString('base64'), Crop: 'T' } : {}),
  }).toString();
  const headers = signV3({
    host: url.host,
    action: face ? 'Id3MetaVerify' : 'Id2MetaVerify',
    version: '2019-03-07',
    contentType: 'application/x-www-form-urlencoded',
    body,
    at: clock.now(),
    nonce: random.bytes(16).toString('hex'),
    accessKeyId,
    accessKeySecret,
  });
  return [url.href, { headers, body, timeout }];
}

export type Signable = {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** Left out where there is no body. */
  readonly contentType?: string;
  /** Canonical: percent-encoded, sorted by name; empty where the arguments are in the body. */
  readonly query?: string;
  readonly body: string;
  readonly at: Instant;
  readonly nonce: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
};

/**
 * The headers of a POST to `/`, signed by ACS3-HMAC-SHA256.
 * https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature.
 */
export function signV3(request: Signable): Record<string, string> {
  const digest = sha256(request.body);
  // In the order of their names, as the signature wants them.
  const signed = {
    ...(request.contentType ? { 'content-type': request.contentType } : {}),
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': digest,
    'x-acs-date': new Date(request.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': request.nonce,
    'x-acs-version': request.version,
  };
  const names = Object.keys(signed).join(';');
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', request.query ?? '', lines.join(''), names, digest].join('\n');
  const signature = createHmac('sha256', request.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${request.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  const { host: _sentAnyway, ...headers } = signed;
  return { ...headers, authorization };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function toAlibabaAnswer(status: number, body: unknown, faceSent: boolean): AuthorityAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return unavailable(status < 300 ? 'unexpected_answer' : `http_${status}`, false);
  const { Code, RequestId, ResultObject: result } = parsed.data;
  const details = { faceSent, vendorReference: RequestId, faceSimilarity: undefined };
  if (Code !== '200' || status >= 300 || !result) {
    const refusal = /^\d+$/.test(Code) ? `Code.${Code}` : Code;
    return /^(BizCode|SubCode)/.test(refusal)
      ? unavailable('unexpected_answer', false)
      : toAnswer(alibabaCodes, refusal, details);
  }
  const code = result.SubCode ? `SubCode.${result.SubCode}` : `BizCode.${result.BizCode}`;
  // Two codes that disagree whether the person passed are no answer.
  if ((result.BizCode === '1') !== (meaningOf(alibabaCodes, code) === 'match'))
    return unavailable(code, false);
  const faceSimilarity = faceSent ? scoreOf(result.FaceDetail) : undefined;
  return toAnswer(alibabaCodes, code, { ...details, faceSimilarity });
}

/** `FaceDetail` is JSON within JSON: `{"verifyScore": 50.28}`, of 100. */
function scoreOf(detail: string | null | undefined): number | undefined {
  const score = /"verifyScore"\s*:\s*(\d{1,3}(?:\.\d+)?)/.exec(detail ?? '')?.[1];
  return score === undefined ? undefined : fromPercent(Number(score));
}
