import {
  personScopes,
  type Requirement,
  type ResourceRow,
  type ResourceScopeRow,
  type ResourceStore,
  type ScopeRow,
} from '../entitlements/index.ts';
import type { Grantable } from './consents.ts';

/** The scope table as this process knows it: what is fixed about persons, and what operators keep in the database. */
export type Catalogue = {
  resource(identifier: string): ResourceRow | undefined;
  scopesOf(resource: string): readonly ResourceScopeRow[];
  /** Resource indicators whose scopes are among these, for apps that name scopes but no resource. */
  resourcesFor(scopes: ReadonlySet<string>): string[];
  row(scope: string, resource?: string): ScopeRow | undefined;
  /** What of a grant the met requirements do not allow at this moment. */
  refused(granted: Grantable, met: ReadonlySet<Requirement>): Grantable;
  /** Whether a scope of a token, whatever it belongs to, is allowed with these requirements met. */
  allows(scope: string, met: ReadonlySet<Requirement>): boolean;
  reload(): Promise<void>;
};

const persons = new Map(personScopes.map((row) => [row.scope, row]));

export async function loadCatalogue(store: ResourceStore): Promise<Catalogue> {
  let resources = new Map<string, ResourceRow>();
  let scopes: readonly ResourceScopeRow[] = [];
  const isMet = (row: ScopeRow, met: ReadonlySet<Requirement>) => row.requires.every((name) => met.has(name));
  const reload = async () => {
    const listed = await store.list();
    resources = new Map(listed.resources.map((resource) => [resource.identifier, resource]));
    scopes = listed.scopes;
  };
  await reload();

  const row: Catalogue['row'] = (scope, resource) =>
    resource === undefined
      ? persons.get(scope)
      : scopes.find((one) => one.resource === resource && one.scope === scope);
  const refusedOf = (names: readonly string[], met: ReadonlySet<Requirement>, resource?: string) =>
    names.filter((scope) => {
      const found = row(scope, resource);
      return found !== undefined && !isMet(found, met);
    });
  return {
    resource: (identifier) => resources.get(identifier),
    scopesOf: (resource) => scopes.filter((one) => one.resource === resource),
    resourcesFor: (wanted) => [
      ...new Set(scopes.filter(({ scope }) => wanted.has(scope)).map(({ resource }) => resource)),
    ],
    row,
    refused: (granted, met) => ({
      scopes: refusedOf(granted.scopes, met),
      claims: [],
      resources: Object.fromEntries(
        Object.entries(granted.resources).map(([resource, names]) => [
          resource,
          refusedOf(names, met, resource),
        ]),
      ),
    }),
    allows: (scope, met) =>
      [persons.get(scope), ...scopes.filter((one) => one.scope === scope)].every(
        (one) => !one || isMet(one, met),
      ),
    reload,
  };
}
