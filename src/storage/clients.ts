import type { Client, ClientStore } from '../clients/index.ts';
import type { Handle } from './handle.ts';

export function bindClients({ knex }: Handle): ClientStore {
  return {
    async find(id) {
      const row = await knex<ClientRow>('clients').where({ id }).first();
      return row && toClient(row);
    },
    async list() {
      return (await knex<ClientRow>('clients').orderBy('id')).map(toClient);
    },
    async create(client) {
      const rows = await knex<ClientRow>('clients')
        .insert(toRow(client))
        .onConflict('id')
        .ignore()
        .returning('id');
      return rows.length === 1;
    },
    async update(client) {
      const { id, ...row } = toRow(client);
      // Other addresses may make another sector, in which people have other subject identifiers.
      await knex('consents').where({ client_id: id }).whereNotNull('subject').update({ subject: null });
      return (await knex<ClientRow>('clients').where({ id }).update(row)) === 1;
    },
    async remove(id) {
      await knex('consents').where({ client_id: id }).delete();
      return (await knex<ClientRow>('clients').where({ id }).delete()) === 1;
    },
  };
}

export type ClientRow = {
  id: string;
  name: string;
  metadata: string;
  secret_digest: string | null;
  first_party: number;
  created_at: number;
  updated_at: number;
};

export function toClient(row: ClientRow): Client {
  return {
    id: row.id,
    name: row.name,
    firstParty: Boolean(row.first_party),
    secretDigest: row.secret_digest,
    metadata: JSON.parse(row.metadata) as Client['metadata'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(client: Client): ClientRow {
  return {
    id: client.id,
    name: client.name,
    metadata: JSON.stringify(client.metadata),
    secret_digest: client.secretDigest,
    first_party: client.firstParty ? 1 : 0,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  };
}
