/**
 * What an account may have: facts (account, person, company, membership) go in, the recruiter status with its reasons
 * and the smallest next step come out, and from these the scopes. Nothing here is edited by hand and nothing is
 * remembered between two derivations; `recompute` runs in the transaction that changed a fact.
 */
export type {
  AccountFacts,
  AccountState,
  AssuranceLevel,
  CaseScope,
  CaseState,
  CompanyFacts,
  Facts,
  MembershipFacts,
  PersonFacts,
  PersonState,
} from './facts.ts';
export { actingFor, companyRequirements, deriveCompanies, type CompanyStanding } from './acting.ts';
export { deriveRecruiter, isActive, isPersonVerified, stands, type Derivation } from './derive.ts';
export {
  createExplanations,
  type CompanyRecruiter,
  type CompanyRecruiters,
  type Explanation,
  type Explanations,
  type MembershipStanding,
} from './explain.ts';
export { factsKept } from './history.ts';
export { defaultPolicy, type RecruiterPolicy } from './policy.ts';
export { reasons, type NextStep, type Reason, type RecruiterStatus } from './reasons.ts';
export { meet, type Requirement } from './requirements.ts';
export {
  isEntitled,
  ownApi,
  ownResource,
  personScopes,
  platformResource,
  resourceScopes,
  scopeTable,
  signalResource,
  signalScopes,
  type ResourceRow,
  type ScopeRow,
} from './scopes.ts';
export { createEntitlements, type Entitlements, type EntitlementStores } from './service.ts';
export type {
  AccountStanding,
  AllowScope,
  EntitlementStore,
  FactsSnapshot,
  RecallableTokens,
  ResourceScopeRow,
  ResourceStore,
  StoredStatus,
} from './store.ts';
