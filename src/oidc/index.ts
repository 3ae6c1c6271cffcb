/**
 * The OpenID provider: oidc-provider, configured (`provider.ts`), over our own storage (`adapter.ts`), with signing
 * keys from the database (`keys.ts`), tokens that follow the recruiter status (`accounts.ts`, `grants.ts`), THE claim
 * table (`claims.ts`), and the ports through which pages take part (`interactions.ts`, `sign-in.ts`, `pages.ts`).
 */
export type { ActingChoiceStore } from './acting.ts';
export type {
  ArtifactModel,
  ArtifactPayload,
  ArtifactReads,
  ArtifactStorage,
  ArtifactStore,
  ArtifactWrites,
  CommitOutcome,
} from './artifacts.ts';
export { claimTable, type ClaimRow, type DataCategory } from './claims.ts';
export { notAsked, type ConsentItem, type ConsentRow } from './consent-rows.ts';
export type { Consent, ConsentStore, Grantable } from './consents.ts';
export type { CompanyOption } from './company-options.ts';
export type { InteractionClient } from './interaction-request.ts';
export type { CompanyView, ConsentView, Interactions, InteractionView } from './interactions.ts';
export {
  keyMachine,
  type KeyState,
  type Rotation,
  type SigningKey,
  type SigningKeys,
  type SigningKeyStore,
} from './keys.ts';
export type { ProviderPage, ShowPage } from './pages.ts';
export type { KnownPerson, People } from './people.ts';
export { createOidc, type ActedFor, type Oidc, type OidcDependencies } from './service.ts';
export { localPath, type SignIn } from './sign-in.ts';
export { signedInPath } from './provider.ts';
export type { SubjectContact, SubjectProfile, SubjectSource } from './subject.ts';
