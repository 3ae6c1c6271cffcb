import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Authority, AuthorityAnswer } from '../../verification/authority.ts';
import { askTencent, type TencentAccount } from '../tencent/request.ts';
import { fromPercent, toAnswer, unavailable } from './meaning.ts';
import { tencentCodes } from './tencent-codes.ts';

export type TencentOptions = TencentAccount & { readonly faces: boolean };

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
      const { name, number } = question;
      const operation = {
        service: 'faceid',
        version: '2018-03-01',
        action: face ? 'ImageRecognitionV2' : 'IdCardVerification',
      };
      const fields = { IdCard: number, Name: name, ...(face ? { ImageBase64: face } : {}) };
      const reply = await askTencent(options, operation, fields, clock);
      if (!reply.ok) return unavailable(reply.code, reply.retryable);
      return toTencentAnswer(reply.status, reply.body, face !== undefined);
    },
  };
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
