import type { ResourceRow, ResourceScopeRow, ResourceStore } from '../entitlements/index.ts';
import type { Handle } from './handle.ts';

export function bindResources({ knex }: Handle): ResourceStore {
  return {
    async list() {
      const resources = await knex<StoredResource>('resources').orderBy('identifier');
      const scopes = await knex<StoredScope>('resource_scopes').orderBy(['resource', 'scope']);
      return { resources: resources.map(toResource), scopes: scopes.map(toScope) };
    },
    async seed(resources, scopes) {
      for (const resource of resources) {
        await knex('resources').insert(fromResource(resource)).onConflict('identifier').ignore();
      }
      for (const scope of scopes) {
        await knex('resource_scopes').insert(fromScope(scope)).onConflict(['resource', 'scope']).ignore();
      }
    },
    async putResource(resource) {
      await knex('resources').insert(fromResource(resource)).onConflict('identifier').merge();
    },
    async putScope(scope) {
      await knex('resource_scopes').insert(fromScope(scope)).onConflict(['resource', 'scope']).merge();
    },
    removeScope: async (resource, scope) =>
      (await knex('resource_scopes').where({ resource, scope }).delete()) === 1,
  };
}

type StoredResource = {
  identifier: string;
  name: string;
  token_format: ResourceRow['tokenFormat'];
  token_lifetime: number;
};
type StoredScope = { resource: string; scope: string; requires: string; machine: number; titles: string };

const toResource = (row: StoredResource): ResourceRow => ({
  identifier: row.identifier,
  name: row.name,
  tokenFormat: row.token_format,
  tokenLifetime: row.token_lifetime,
});

const fromResource = (resource: ResourceRow): StoredResource => ({
  identifier: resource.identifier,
  name: resource.name,
  token_format: resource.tokenFormat,
  token_lifetime: resource.tokenLifetime,
});

const toScope = (row: StoredScope): ResourceScopeRow => ({
  scope: row.scope,
  resource: row.resource,
  requires: JSON.parse(row.requires) as ResourceScopeRow['requires'],
  machine: Boolean(row.machine),
  titles: JSON.parse(row.titles) as ResourceScopeRow['titles'],
});

const fromScope = (scope: ResourceScopeRow): StoredScope => ({
  resource: scope.resource,
  scope: scope.scope,
  requires: JSON.stringify(scope.requires),
  machine: scope.machine ? 1 : 0,
  titles: JSON.stringify(scope.titles),
});
