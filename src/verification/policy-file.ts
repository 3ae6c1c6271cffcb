import { z } from 'zod';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import { findingParts, type FindingCode } from './findings.ts';
import { defaultPolicy, type JudgementPolicy, type VerificationPolicy } from './policy.ts';

const codes = Object.keys(findingParts) as [FindingCode, ...FindingCode[]];
const code = z.enum(codes, 'is not the code of a finding');
const likeness = z.number().min(-1, 'must be at least -1').max(1, 'must be at most 1');
const bounds = z
  .strictObject({ ok: likeness, no: likeness.optional() })
  .refine(({ ok: fine, no }) => no === undefined || no <= fine, 'must have "no" at or below "ok"');
const outcome = new RegExp(
  `^(${codes.join('|')})\\.(ok|attention|mismatch|unreadable|not_run|measured)(\\.\\w+)?$`,
);

const judgementFile = z.strictObject({
  version: z
    .string('must be a text')
    .regex(/^[\w.-]{1,40}$/, 'must be 1 to 40 letters, digits, dots, hyphens'),
  machineApproval: z.boolean().optional(),
  required: z.array(code).optional(),
  bounds: z.partialRecord(code, bounds).optional(),
  meanings: z
    .record(
      z.string().regex(outcome, 'must be <code>.<outcome> or <code>.<outcome>.<detail>'),
      z.enum(['ok', 'attention', 'again', 'no']),
    )
    .optional(),
});

/**
 * A policy as an operator writes it (JSON, see docs/policy.md): what it names takes the place of the default, `bounds`
 * and `meanings` entry by entry. `problems` holds one sentence for each thing that is wrong.
 */
export function policyFromFile(
  text: string,
  base: VerificationPolicy = defaultPolicy,
): Ok<{ readonly policy: VerificationPolicy }> | Failed<'invalid', { readonly problems: readonly string[] }> {
  const parsed = judgementFile.safeParse(parseJson(text));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'The file'}: ${message}.`,
    );
    return failed('invalid', { problems });
  }
  const { version, ...judgement } = parsed.data;
  if (version === base.version) {
    return failed('invalid', { problems: [`version: ${version} is the version of the policy it changes.`] });
  }
  const { machineApproval, required, bounds: limits, meanings } = base.judgement;
  const changed: JudgementPolicy = {
    machineApproval: judgement.machineApproval ?? machineApproval,
    required: judgement.required ?? required,
    bounds: { ...limits, ...(judgement.bounds as JudgementPolicy['bounds']) },
    meanings: { ...meanings, ...judgement.meanings },
  };
  return ok({ policy: { ...base, version, judgement: changed } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
