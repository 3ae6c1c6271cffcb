import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { askBroker } from './broker.ts';

export type PostgresDatabase = {
  /** Connection string of an empty database. */
  url: string;
  drop: () => Promise<void>;
};

/** A new, empty database on the run's PostgreSQL server, which the first call starts. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const server = await askBroker('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
