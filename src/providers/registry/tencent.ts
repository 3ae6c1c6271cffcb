import { z } from 'zod';
import type { CompanyRegistry } from '../../companies/index.ts';
import type { Clock } from '../../core/clock.ts';
import type {
  Registered,
  RegistryAnswer,
  RegistryField,
  RegistryQuestion,
  RegistrySaid,
} from '../../verification/index.ts';
import { meaningOf } from '../authority/meaning.ts';
import { askTencent, type TencentAccount } from '../tencent/request.ts';
import { unavailable } from './answers.ts';
import { tencentRegistryCodes, tencentStatuses } from './tencent-codes.ts';

const operation = { service: 'ocr', version: '2018-11-19', action: 'VerifyBizLicenseEnterprise3' } as const;

const answerSchema = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string() }).optional(),
    StatusCode: z.number().int().optional(),
    VerifyResult: z.number().int().nullish(),
    OperatingStatus: z.string().nullish(),
    RequestId: z.string().optional(),
  }),
});

/** Name and code, or these and the legal representative. */
type Kind = 'ENT_2META' | 'ENT_3META';

/**
 * Tencent Cloud's check of a business licence by three factors. It says whether all agree and not which does not, and of
 * three factors only whether the company is in operation; so whatever is no match is asked about again by name and code
 * alone, which tells the two apart and the exact state. https://cloud.tencent.com/document/api/866/132862.
 */
export function createTencentRegistry(account: TencentAccount, clock: Clock): CompanyRegistry {
  const ask = async (question: RegistryQuestion, kind: Kind): Promise<RegistryAnswer> => {
    const { name, creditCode, legalRepresentative } = question;
    const third =
      kind === 'ENT_3META' && legalRepresentative !== undefined ? { LrName: legalRepresentative } : {};
    const fields = { CreditCode: creditCode, EntName: name, ...third, VerifyType: kind };
    const reply = await askTencent(account, operation, fields, clock);
    if (!reply.ok) return unavailable(reply.code, reply.retryable);
    return toAnswer(reply.status, reply.body, kind);
  };
  return {
    name: 'tencent_ocr',
    async look(question) {
      if (question.legalRepresentative === undefined) return ask(question, 'ENT_2META');
      const all = await ask(question, 'ENT_3META');
      if (all.outcome !== 'mismatch' && all.outcome !== 'not_operating') return all;
      const two = await ask(question, 'ENT_2META');
      if (two.outcome === 'unavailable' || two.outcome === 'malformed') return two;
      return combined(all, two);
    },
  };
}

/** What three factors leave open, from what two factors say. */
function combined(all: RegistrySaid, two: RegistrySaid): RegistryAnswer {
  if (two.outcome === 'no_record') return two;
  const withRepresentative = (legalRepresentative: 'agrees' | 'differs') => ({
    ...two,
    registered: { ...two.registered, legalRepresentative },
  });
  if (all.outcome === 'not_operating')
    return two.outcome === 'not_operating' ? withRepresentative('agrees') : all;
  if (two.outcome === 'mismatch') return two;
  // Where name and code agree, a mismatch of all three is the legal representative’s.
  const differing = withRepresentative('differs');
  return two.outcome === 'not_operating'
    ? differing
    : { ...differing, outcome: 'mismatch', code: all.code, differing: ['legal_representative'] };
}

function toAnswer(status: number, body: unknown, kind: Kind): RegistryAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success || status >= 300)
    return unavailable(status < 300 ? 'unexpected_answer' : `http_${status}`, false);
  const { Error: refusal, StatusCode, VerifyResult, OperatingStatus, RequestId } = parsed.data.Response;
  if (refusal) return isResult(refusal.Code) ? unavailable('unexpected_answer', false) : read(refusal.Code);
  if (StatusCode !== 0)
    return StatusCode === undefined
      ? unavailable('unexpected_answer', false)
      : read(`StatusCode.${StatusCode}`);
  if (VerifyResult !== 1) return read(`VerifyResult.${VerifyResult ?? ''}`);
  if (OperatingStatus === '1') return read('VerifyResult.1', kind, '1', RequestId);
  return read(`OperatingStatus.${OperatingStatus ?? ''}`, kind, OperatingStatus ?? '', RequestId);
}

const isResult = (code: string): boolean => /^(VerifyResult|StatusCode|OperatingStatus)\b/.test(code);

/** The answer for a code; an unknown one is `unavailable` and for a person to look at, never a guess. */
function read(code: string, kind?: Kind, status = '', reference?: string): RegistryAnswer {
  const meaning = meaningOf(tencentRegistryCodes, code);
  const shown = /^[\w./-]{1,80}$/.test(code) ? code : 'unreadable_code';
  if (meaning === undefined || meaning === 'operator') return unavailable(shown, false);
  if (meaning === 'later') return unavailable(shown, true);
  // A source that tells no more than that the pair is wrong names both halves of it.
  const differing: RegistryField[] = meaning === 'mismatch' ? ['name', 'code'] : [];
  return {
    outcome: meaning,
    code: shown,
    differing,
    registered: registeredOf(meaning, kind, status),
    ...(reference && /^[\w-]{1,64}$/.test(reference) ? { vendorReference: reference } : {}),
  };
}

function registeredOf(meaning: RegistrySaid['outcome'], kind: Kind | undefined, status: string): Registered {
  if (meaning !== 'match' && meaning !== 'not_operating') return {};
  // With three factors `2` says "not in operation" whatever the reason.
  const known = kind === 'ENT_3META' && status === '2' ? 'not_operating' : tencentStatuses[status];
  return {
    ...(known ? { status: known } : {}),
    ...(kind === 'ENT_3META' ? { legalRepresentative: 'agrees' } : {}),
  };
}
