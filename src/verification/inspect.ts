import type { Instant } from '../core/clock.ts';
import type { Analyses } from './analysis.ts';
import type { NotAsked } from './ask-authority.ts';
import type { RegistryCheck } from './ask-registry.ts';
import type { AuthorityCheck } from './authority.ts';
import type { CaseImage, CompanyAnswers, PersonAnswers, VerificationCase } from './case.ts';
import type { KnownCompany } from './company-desk.ts';
import { chinaDay } from './documents/calendar.ts';
import type { Finding } from './findings.ts';
import { holderFindings, type Likenesses } from './inspect-holder.ts';
import { companyReading, documentReading } from './inspect-reading.ts';
import type { VerificationPolicy } from './policy.ts';
import { isAboutCompany, isAboutPerson } from './scope.ts';

/** Everything the findings are made of. */
export type Inspected = {
  readonly case: VerificationCase;
  readonly images: readonly CaseImage[];
  readonly analyses: Analyses;
  readonly likenesses: Likenesses;
  readonly company: KnownCompany | undefined;
  /** Who acts, by name: as this case says, or as verified before; absent where neither is in force. */
  readonly actor: string | undefined;
  readonly duplicate: boolean;
  readonly authority: AuthorityCheck | NotAsked;
  readonly registry: RegistryCheck | 'none';
  readonly now: Instant;
  readonly policy: VerificationPolicy;
};

/** An inspected case about a person, whose answers are there. */
export type OfPerson = Inspected & { readonly person: PersonAnswers };
/** The same of a company. */
export type OfCompany = Inspected & { readonly named: CompanyAnswers };

const checksummed = new Set(['resident_id', 'residence_permit', 'permanent_resident']);

/** What the machine saw of a complete case. Checks that did not run say so instead of saying nothing. */
export function inspect(inspected: Inspected): Finding[] {
  const { person, company } = inspected.case.answers;
  const ofPerson = isAboutPerson(inspected.case) ? person && { ...inspected, person } : 'other';
  const ofCompany = isAboutCompany(inspected.case) ? company && { ...inspected, named: company } : 'other';
  if (!ofPerson || !ofCompany) throw new Error('only a complete case is inspected');
  return [
    ...(ofPerson === 'other' ? [] : [...documentRules(ofPerson), ...documentReading(ofPerson)]),
    ...(ofCompany === 'other' ? [] : [...companyRules(ofCompany), ...companyReading(ofCompany)]),
    ...(ofPerson === 'other' ? [] : [...holderFindings(ofPerson), authorityFinding(inspected.authority)]),
  ];
}

function documentRules({ person: { document }, ...input }: OfPerson): Finding[] {
  return [
    checksummed.has(document.type)
      ? { code: 'number_checksum', outcome: 'ok' }
      : { code: 'number_checksum', outcome: 'not_run', detail: 'no_check_digit' },
    document.unusualForm
      ? { code: 'number_form', outcome: 'attention', detail: 'older_form' }
      : { code: 'number_form', outcome: 'ok' },
    { code: 'age', outcome: 'ok' },
    expiry(document.expiresOn, input),
    { code: 'duplicate_identity', outcome: input.duplicate ? 'attention' : 'ok' },
    { code: 'images_complete', outcome: 'ok' },
  ];
}

function expiry(expiresOn: string | undefined, { now, policy }: Pick<Inspected, 'now' | 'policy'>): Finding {
  if (expiresOn === undefined) return { code: 'document_expiry', outcome: 'ok', detail: 'long_term' };
  return expiresOn <= chinaDay(now + policy.expiresSoon)
    ? { code: 'document_expiry', outcome: 'attention', detail: 'expires_soon' }
    : { code: 'document_expiry', outcome: 'ok' };
}

function companyRules({ named, company, registry }: OfCompany): Finding[] {
  const state = company?.state ?? 'unclaimed';
  const known = state === 'rejected' || state === 'revoked' ? 'attention' : 'ok';
  return [
    checksum('credit_code_checksum', named.checkDigitMatches, registry),
    checksum('organisation_code_checksum', named.organisationCheckMatches, registry),
    { code: 'company_known', outcome: known, detail: company ? state : 'new' },
    companyName(named.name, company),
    registryFinding(registry),
  ];
}

function companyName(name: string, company: KnownCompany | undefined): Finding {
  if (company?.state !== 'verified' && company?.state !== 'due')
    return { code: 'company_name', outcome: 'ok', detail: 'not_compared' };
  return company.name === name
    ? { code: 'company_name', outcome: 'ok' }
    : { code: 'company_name', outcome: 'attention', detail: 'differs' };
}

/** Codes whose check character fails were given out; whether this one was, the registry knows, else a reviewer looks. */
function checksum(
  code: 'credit_code_checksum' | 'organisation_code_checksum',
  matches: boolean,
  registry: Inspected['registry'],
): Finding {
  if (matches) return { code, outcome: 'ok' };
  const isRegistered = registry !== 'none' && registry.outcome === 'match';
  return { code, outcome: 'attention', detail: isRegistered ? 'confirmed_by_registry' : 'check_digit' };
}

/** A registry that could not be asked says nothing about the company. */
function registryFinding(check: Inspected['registry']): Finding {
  const code = 'company_registry';
  if (check === 'none') return { code, outcome: 'not_run', detail: 'none' };
  const { source, outcome = 'unavailable', differing } = check;
  if (outcome === 'unavailable') return { code, outcome: 'not_run', detail: 'outage', source };
  if (outcome === 'match') return { code, outcome: 'ok', detail: 'match', source };
  const detail = outcome === 'mismatch' ? `mismatch_${differing[0] ?? 'name'}` : outcome;
  return { code, outcome: 'attention', detail, source };
}

/** Only a mismatch is about the person; everything else that is not a match is for a reviewer to look into. */
function authorityFinding(check: AuthorityCheck | NotAsked): Finding {
  if (check === 'not_agreed') return { code: 'authority', outcome: 'not_run', detail: 'not_agreed' };
  if (check === 'none') return { code: 'authority', outcome: 'not_run', detail: 'no_authority' };
  const { source, outcome = 'unavailable' } = check;
  const meaning = { match: 'ok', mismatch: 'mismatch' } as const;
  const said = outcome === 'match' || outcome === 'mismatch' ? meaning[outcome] : 'attention';
  return { code: 'authority', outcome: said, detail: outcome, source };
}
