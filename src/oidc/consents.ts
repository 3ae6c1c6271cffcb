import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { EventStore } from '../events/index.ts';
import type { ActingChoiceStore } from './acting.ts';
import type { ArtifactStore } from './artifacts.ts';

/** What a person agreed to give one app, whichever browser they sign in from. */
export type Grantable = {
  /** Scopes about the person. */
  readonly scopes: readonly string[];
  /** Claims asked for by name. */
  readonly claims: readonly string[];
  /** Resource indicator → scopes. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
};

export type Consent = Grantable & {
  readonly accountId: AccountId;
  readonly clientId: string;
  /** Given to an app of the operator's own, which asks nobody; the person did not agree to it. */
  readonly unasked?: true;
  readonly grantedAt: Instant;
  readonly updatedAt: Instant;
};

export type ConsentStore = {
  find(accountId: AccountId, clientId: string): Promise<Consent | undefined>;
  list(accountId: AccountId): Promise<Consent[]>;
  write(consent: Consent): Promise<void>;
  remove(accountId: AccountId, clientId: string): Promise<boolean>;
  /** Whom an app knows by this subject identifier, as far as it was noted. */
  findBySubject(clientId: string, subject: string): Promise<Consent | undefined>;
  /** Consents to an app whose subject identifier was not noted yet. */
  listUnnamed(clientId: string, limit: number): Promise<Consent[]>;
  /** Notes by which subject identifier the app knows the person. */
  nameSubject(accountId: AccountId, clientId: string, subject: string): Promise<void>;
  /** Consents to an app of people who have, or had, to do with a company, by account, after `after`. */
  listOfCompany(
    clientId: string,
    companyId: CompanyId,
    page: { readonly after: AccountId | undefined; readonly limit: number },
  ): Promise<Consent[]>;
};

export type ConsentStores = {
  readonly consents: ConsentStore;
  readonly actingChoices: ActingChoiceStore;
  readonly artifacts: ArtifactStore;
  readonly events: EventStore;
};

export const nothing: Grantable = { scopes: [], claims: [], resources: {} };

export function union(a: Grantable, b: Grantable): Grantable {
  const resources: Record<string, readonly string[]> = { ...a.resources };
  for (const [resource, scopes] of Object.entries(b.resources)) {
    resources[resource] = [...new Set([...(resources[resource] ?? []), ...scopes])];
  }
  return {
    scopes: [...new Set([...a.scopes, ...b.scopes])],
    claims: [...new Set([...a.claims, ...b.claims])],
    resources,
  };
}

export function covers(have: Grantable, want: Grantable): boolean {
  const all = (a: readonly string[] | undefined, b: readonly string[]) => b.every((one) => a?.includes(one));
  return (
    all(have.scopes, want.scopes) &&
    all(have.claims, want.claims) &&
    Object.entries(want.resources).every(([resource, scopes]) => all(have.resources[resource], scopes))
  );
}

export function allScopes({ scopes, resources }: Grantable): string[] {
  return [...new Set([...scopes, ...Object.values(resources).flat()])];
}

/** Remembers what was agreed to, added to what was agreed to before. */
export async function recordConsent(
  stores: ConsentStores,
  given: Grantable & { readonly accountId: AccountId; readonly clientId: string },
  now: Instant,
): Promise<void> {
  const { accountId, clientId } = given;
  const before = await agreed(stores.consents, accountId, clientId);
  const consent = { ...union(before ?? nothing, given), accountId, clientId, updatedAt: now };
  await stores.consents.write({ ...consent, grantedAt: before?.grantedAt ?? now });
  await stores.events.append({
    type: 'consent.granted',
    subject: accountId,
    payload: { clientId, scopes: allScopes(consent) },
  });
}

/** What a person said yes to. An app that is no longer the operator's own has to ask for what it was given before. */
export async function agreed(
  consents: Pick<ConsentStore, 'find'>,
  accountId: AccountId,
  clientId: string,
): Promise<Consent | undefined> {
  const found = await consents.find(accountId, clientId);
  return found?.unasked ? undefined : found;
}

/** Notes what an app of the operator's own was given: it is on the person's list, and the app may ask about them. */
export async function recordUnasked(
  consents: Pick<ConsentStore, 'find' | 'write'>,
  given: Grantable & { readonly accountId: AccountId; readonly clientId: string },
  now: Instant,
): Promise<void> {
  const { accountId, clientId } = given;
  const before = await consents.find(accountId, clientId);
  if (before && covers(before, given)) return;
  const consent = {
    ...union(before ?? nothing, given),
    accountId,
    clientId,
    unasked: true as const,
    updatedAt: now,
  };
  await consents.write({ ...consent, grantedAt: before?.grantedAt ?? now });
}

/** Forgets the consent and ends the app's access at once: grants and all their tokens. */
export async function withdrawConsent(
  stores: ConsentStores,
  accountId: AccountId,
  clientId: string,
): Promise<boolean> {
  const existed = await stores.consents.remove(accountId, clientId);
  const ended = await stores.artifacts.revokeClient(accountId, clientId);
  await stores.actingChoices.forget(accountId, clientId);
  if (!existed && ended === 0) return false;
  await stores.events.append({ type: 'consent.withdrawn', subject: accountId, payload: { clientId } });
  return true;
}
