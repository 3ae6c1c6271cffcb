import type { Instant } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { AccountStanding, Requirement } from '../entitlements/index.ts';
import type { Catalogue } from './catalogue.ts';
import { answer, claimsAsked, claimTable, partsOf, type ClaimRow } from './claims.ts';
import type { Grantable } from './consents.ts';
import { metBy, type LoadSubject } from './subject.ts';

export type ConsentRow = {
  readonly scope: string;
  readonly resource?: string;
  /** What operators call a scope that our own texts do not know, by language. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Requirements that are not met: the app does not get the scope until they are. */
  readonly missing: readonly Requirement[];
  readonly items: readonly ConsentItem[];
};

export type ConsentItem = {
  readonly claim: string;
  /** Today's value as the app would see it, shortened where a stranger might look over the shoulder. */
  readonly value: unknown;
};

export type ConsentSources = {
  readonly accountId: AccountId;
  readonly standing: AccountStanding;
  readonly loadSubject: LoadSubject;
  readonly catalogue: Catalogue;
  readonly now: Instant;
};

/** Not data about the person, so not a line on the consent page. */
const silent = new Set(['openid', 'offline_access']);

/** What an app gets, scope by scope from the claim table, with the values of today. */
export async function consentRows(
  asked: Grantable,
  { accountId, standing, loadSubject, catalogue, now }: ConsentSources,
): Promise<ConsentRow[]> {
  const met = metBy(standing);
  const missing = (requires: readonly Requirement[]) => requires.filter((name) => !met.has(name));
  const rows = claimsAsked(new Set(asked.scopes), asked.claims);
  const subject = await loadSubject(accountId, standing, partsOf(rows));
  const values = answer(rows, subject, met, now);
  const items = (claims: readonly ClaimRow[]): ConsentItem[] =>
    claims.map(({ claim }) => ({ claim, value: shorten(claim, values[claim]) }));

  const scopes = asked.scopes
    .filter((scope) => !silent.has(scope))
    .map((scope) => ({
      scope,
      missing: missing(catalogue.row(scope)?.requires ?? []),
      items: items(rows.filter((row) => row.scope === scope)),
    }));
  const byName = rows.filter((row) => !asked.scopes.includes(row.scope));
  const named = [...new Set(byName.map(({ scope }) => scope))].map((scope) => ({
    scope,
    missing: missing(byName.filter((row) => row.scope === scope).flatMap((row) => row.requires)),
    items: items(byName.filter((row) => row.scope === scope)),
  }));
  const resources = Object.entries(asked.resources).flatMap(([resource, names]) =>
    catalogue
      .scopesOf(resource)
      .filter(({ scope }) => names.includes(scope))
      .map(({ scope, titles, requires }) => ({
        scope,
        resource,
        titles,
        missing: missing(requires),
        items: [],
      })),
  );
  return [...scopes, ...named, ...resources];
}

/** Kinds of data that an app with these rows does not get, for saying so. */
export function notAsked(rows: readonly ConsentRow[]): string[] {
  const asked = new Set(rows.map(({ scope }) => scope));
  const sensitive = ['phone', 'profile', 'email', 'company', 'verification'];
  const known = new Set(claimTable.map(({ scope }) => scope));
  return sensitive.filter((scope) => known.has(scope) && !asked.has(scope));
}

/** `138 **** 5678`, `+852****5678`: enough for its owner to recognise. */
function shorten(claim: string, value: unknown): unknown {
  if (claim === 'phone_number' && typeof value === 'string') {
    const mainland = /^\+86(\d{3})\d{4}(\d{4})$/.exec(value);
    if (mainland) return `${mainland[1]} **** ${mainland[2]}`;
    return `${value.slice(0, -8)}****${value.slice(-4)}`;
  }
  return value;
}
