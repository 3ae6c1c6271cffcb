import { createRequire } from 'node:module';
import type Sign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Authority, AuthorityAnswer, AuthorityQuestion } from '../../verification/authority.ts';
import { exchange } from './exchange.ts';
import { fromPercent, toAnswer, unavailable } from './meaning.ts';
import { tencentCodes } from './tencent-codes.ts';

export type TencentOptions = {
  readonly secretId: string;
  readonly secretKey: string;
  /** Not needed by FaceID; sent where it is given. */
  readonly region?: string | undefined;
  /** Origin; a nearer or private address of the service, or a local stand-in. */
  readonly endpoint?: string | undefined;
  readonly faces: boolean;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
};

/** The vendor's own signer; its client is left aside (ADR 0077). */
const { default: signer } = createRequire(import.meta.url)(
  'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js',
) as typeof Sign;

/** Characters of base64; the vendor takes 3 MB. */
const longestPicture = 3 * 1024 * 1024;

const answerSchema = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string() }).optional(),
    Result: z.string().optional(),
    Sim: z.number().nullish(),
    RequestId: z.string().optional(),
  }),
});

/**
 * Tencent Cloud FaceID: `IdCardVerification` for name and number, `ImageRecognitionV2` where a face is compared.
 * https://www.tencentcloud.com/zh/document/api/1061/79049 and https://cloud.tencent.com/document/api/1007/102203.
 */
export function createTencentAuthority(options: TencentOptions, clock: Clock): Authority {
  return {
    name: 'tencent_faceid',
    comparesFaces: options.faces,
    async look(question) {
      const face = options.faces ? question.face?.toString('base64') : undefined;
      if (face !== undefined && face.length > longestPicture)
        return { outcome: 'malformed', code: 'picture_too_large' };
      const reply = await exchange(...request(options, question, face, clock));
      if (!reply.ok) return unavailable(reply.code, reply.retryable);
      return toTencentAnswer(reply.status, reply.body, face !== undefined);
    },
  };
}

function request(
  { secretId, secretKey, region, endpoint, timeout }: TencentOptions,
  { name, number }: AuthorityQuestion,
  face: string | undefined,
  clock: Clock,
): Parameters<typeof exchange> {
  const url = `${endpoint || 'https://faceid.tencentcloudapi.com'}/`;
  const timestamp = Math.floor(clock.now() / 1000);
  const body = JSON.stringify({ IdCard: number, Name: name, ...(face ? { ImageBase64: face } : {}) });
  const signed = { 'Content-Type': 'application/json' };
  const authorization = signer.sign3({
    method: 'POST',
    url,
    payload: Buffer.from(body),
    timestamp,
    service: 'faceid',
    secretId,
    secretKey,
    multipart: false,
    boundary: '',
    headers: signed,
  });
  const headers = {
    ...signed,
    Authorization: authorization,
    'X-TC-Action': face ? 'ImageRecognitionV2' : 'IdCardVerification',
    'X-TC-Version': '2018-03-01',
    'X-TC-Timestamp': String(timestamp),
    ...(region ? { 'X-TC-Region': region } : {}),
  };
  return [url, { headers, body, timeout }];
}

function toTencentAnswer(status: number, body: unknown, faceSent: boolean): AuthorityAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success || status >= 300)
    return unavailable(status < 300 ? 'unexpected_answer' : `http_${status}`, false);
  const { Error: refusal, Result: result = '', Sim, RequestId } = parsed.data.Response;
  const code = refusal?.Code ?? (result.includes('.') ? result : `Result.${result}`);
  // A refusal is none of the results, whatever it calls itself.
  if (refusal && code.startsWith('Result.')) return unavailable('unexpected_answer', false);
  return toAnswer(tencentCodes, code, {
    faceSent,
    vendorReference: RequestId,
    faceSimilarity: faceSent ? fromPercent(Sim ?? undefined) : undefined,
  });
}
