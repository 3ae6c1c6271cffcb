import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import {
  actingFor,
  companyRequirements,
  type AccountStanding,
  type CompanyStanding,
  type Requirement,
} from '../entitlements/index.ts';
import type { ProviderAccount } from './accounts.ts';
import type { Catalogue } from './catalogue.ts';
import { claimsAsked } from './claims.ts';
import type { Grantable } from './consents.ts';
import { grantedBy, requested, type Grant } from './grants.ts';
import { mustVerify, wantsStatus } from './wanted-status.ts';

/** What somebody chose last at an app, to have it chosen beforehand the next time. */
export type ActingChoiceStore = {
  last(accountId: AccountId, clientId: string): Promise<CompanyId | undefined>;
  remember(accountId: AccountId, clientId: string, companyId: CompanyId, now: Instant): Promise<void>;
  forget(accountId: AccountId, clientId: string): Promise<void>;
};

/** Lets a grant keep the company it acts for, beside what oidc-provider keeps of it. */
export function keepCompanies(provider: Provider): void {
  const { IN_PAYLOAD } = provider.Grant as unknown as { readonly IN_PAYLOAD: readonly string[] };
  Object.defineProperty(provider.Grant, 'IN_PAYLOAD', { value: [...IN_PAYLOAD, 'company'] });
}

/** The company a grant acts for. It never changes: who chooses another one gets another grant. */
export function actedFor(grant: Grant | undefined): CompanyId | undefined {
  return (grant as { company?: CompanyId } | undefined)?.company;
}

export function actFor(grant: Grant, companyId: CompanyId): void {
  (grant as { company?: CompanyId }).company = companyId;
}

/** The standing as it is under a grant. */
export function standingUnder(grant: Grant | undefined, standing: AccountStanding): AccountStanding {
  return standingFor(actedFor(grant), standing);
}

export function standingFor(companyId: CompanyId | undefined, standing: AccountStanding): AccountStanding {
  if (companyId === undefined || !standing.status) return standing;
  return { ...standing, status: actingFor(standing.status, companyId) };
}

/** Those somebody may act for at this moment. */
export function activeCompanies({ status }: AccountStanding): CompanyStanding[] {
  return status?.companies.filter(({ bond }) => bond === 'active') ?? [];
}

/** Whether any of it depends on the company somebody acts for. */
export function needsCompany(asked: Grantable, catalogue: Catalogue): boolean {
  const rows: ({ readonly requires: readonly Requirement[] } | undefined)[] = [
    ...asked.scopes.map((scope) => catalogue.row(scope)),
    ...Object.entries(asked.resources).flatMap(([resource, scopes]) =>
      scopes.map((scope) => catalogue.row(scope, resource)),
    ),
    ...claimsAsked(new Set(), asked.claims),
  ];
  return rows.some((row) => row?.requires.some((name) => companyRequirements.has(name)));
}

/**
 * Gives a grant that names no company, though what it holds depends on one, the first that the person may act for: it
 * had none when it was made. From then on it stays with it.
 */
export async function settleCompany(
  grant: Grant,
  standing: AccountStanding,
  catalogue: Catalogue,
): Promise<void> {
  if (actedFor(grant) !== undefined) return;
  const first = standing.status?.companies.find(({ bond }) => bond === 'active');
  if (!first || !needsCompany(grantedBy(grant), catalogue)) return;
  actFor(grant, first.companyId);
  await grant.save();
}

/** `ask`: the person has to say which; else the company to act for, if any. */
export type CompanyChoice =
  { readonly ask: true } | { readonly ask: false; readonly companyId: CompanyId | undefined };

/** Words of the parameter `prompt` by which an app lets the person think again. */
const again = ['login', 'consent', 'select_account'];

/** Which company an authorization request acts for, given the grant there is so far. */
export function chooseCompany(
  ctx: KoaContextWithOIDC,
  grant: Grant | undefined,
  catalogue: Catalogue,
): CompanyChoice {
  const { oidc } = ctx;
  const standing = (oidc.account as ProviderAccount | undefined)?.standing;
  const pinned = actedFor(grant);
  const settled = (companyId: CompanyId | undefined): CompanyChoice => ({ ask: false, companyId });
  if (!standing || !(wantsStatus(oidc.claims) || needsCompany(requested(ctx), catalogue)))
    return settled(pinned);

  const active = activeCompanies(standing);
  const isActive = (id: CompanyId | undefined) => active.some(({ companyId }) => companyId === id);
  const chosen = chosenIn(oidc.result);
  if (isActive(chosen)) return settled(chosen);

  const named = oidc.params?.['company'];
  if (named !== undefined) {
    const wanted = standing.status?.companies.find((one) => one.companyCode === named && one.bond !== 'over');
    // Without the person an app would learn company by company who belongs to which.
    if (wanted && (wanted.companyId === pinned || !oidc.prompts.has('none')))
      return settled(wanted.companyId);
    const comesLater = active.length === 0 && mustVerify(ctx, standing.status?.status);
    return comesLater ? settled(pinned) : { ask: true };
  }

  const left = pinned !== undefined && !isActive(pinned);
  const open = active.length > 1 && (pinned === undefined || again.some((word) => oidc.prompts.has(word)));
  if (active.length > 0 && (left || open)) return { ask: true };
  return settled(pinned ?? active[0]?.companyId);
}

/** What the person chose on the page, in the result of an interaction. */
function chosenIn(result: Readonly<Record<string, unknown>> | undefined): CompanyId | undefined {
  return (result?.['company'] as { companyId?: CompanyId } | undefined)?.companyId;
}

/** Kept with the question for consent: the company that what is asked for is for. */
export function companyDetails(ctx: KoaContextWithOIDC, catalogue: Catalogue): { companyId?: CompanyId } {
  const choice = chooseCompany(ctx, ctx.oidc.grant, catalogue);
  return choice.ask || choice.companyId === undefined ? {} : { companyId: choice.companyId };
}

export function settledIn(details: Readonly<Record<string, unknown>>): CompanyId | undefined {
  return (details as { companyId?: CompanyId }).companyId;
}

/**
 * The authorization parameter `company`: a unified social credit code. Whether the person acts for that company is
 * between them and us.
 */
export function checkCompanyParameter(_ctx: KoaContextWithOIDC, value: string | undefined): void {
  if (value === undefined || /^[0-9A-Z]{18}$/.test(value)) return;
  throw new errors.InvalidRequest(
    'company must be a unified social credit code: 18 digits and capital letters',
  );
}
