import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/storage/migrate.ts';
import { openConnection, type Connection } from '../../src/storage/open.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

/** Kept by knex itself. */
const bookkeeping = "('knex_migrations', 'knex_migrations_lock')";

/** migrations/schema.sql: what a freshly migrated database looks like, on SQLite and on PostgreSQL. */
export async function schemaDump(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'shiming-schema-'));
  const postgres = await startPostgres();
  try {
    const sqlite = await withMigrated('sqlite:', folder, sqliteStatements);
    const server = await withMigrated(postgres.url, folder, postgresStatements);
    return [
      '-- Generated from the migrations by `npm run docs`; for reading in diffs, never executed.',
      '\n-- SQLite\n',
      ...sqlite,
      '\n-- PostgreSQL\n',
      ...server,
      '',
    ].join('\n');
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withMigrated<T>(
  url: string,
  dataDir: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = openConnection({ url, dataDir, durability: 'normal' });
  try {
    await migrate(connection);
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function sqliteStatements({ knex }: Connection): Promise<string[]> {
  const rows = await knex.raw<{ sql: string }[]>(
    `select sql from sqlite_master where sql is not null and tbl_name not in ${bookkeeping} and name not like 'sqlite_%'
     order by tbl_name, type <> 'table', type, name`,
  );
  return rows.map(({ sql }) => `${onLines(sql.replaceAll('`', ''))};`);
}

type Column = {
  table_name: string;
  column_name: string;
  type: string;
  is_nullable: string;
  column_default: string | null;
};

async function postgresStatements({ knex }: Connection): Promise<string[]> {
  const columns = await knex.raw<{ rows: Column[] }>(
    `select c.table_name, c.column_name, format_type(a.atttypid, a.atttypmod) as type, c.is_nullable, c.column_default
     from information_schema.columns c
     join pg_attribute a on a.attrelid = c.table_name::regclass and a.attname = c.column_name
     where c.table_schema = 'public' and c.table_name not in ${bookkeeping}
     order by c.table_name, c.ordinal_position`,
  );
  const rest = await knex.raw<{ rows: { table_name: string; definition: string }[] }>(
    `select tablename as table_name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename not in ${bookkeeping}
     union all
     select conrelid::regclass::text, 'ALTER TABLE ' || conrelid::regclass || ' ADD ' || pg_get_constraintdef(oid)
     from pg_constraint where connamespace = 'public'::regnamespace and contype in ('f', 'c')
     order by 1, 2`,
  );
  return [...new Set(columns.rows.map(({ table_name }) => table_name))].flatMap((name) => [
    `create table ${name} (\n${columns.rows
      .filter((column) => column.table_name === name)
      .map(columnLine)
      .join(',\n')}\n);`,
    ...rest.rows
      .filter((row) => row.table_name === name)
      .map(({ definition }) => `${definition.replaceAll('public.', '')};`),
  ]);
}

function columnLine({ column_name, type, is_nullable, column_default }: Column): string {
  const nullable = is_nullable === 'NO' ? ' not null' : '';
  return `  ${column_name} ${type}${column_default === null ? '' : ` default ${column_default}`}${nullable}`;
}

/** A CREATE TABLE statement with one column or constraint on each line. */
function onLines(sql: string): string {
  if (!/^create table/i.test(sql)) return sql;
  let depth = 0;
  return [...sql]
    .map((character) => {
      if (character === '(' && depth++ === 0) return '(\n  ';
      if (character === ')' && --depth === 0) return '\n)';
      return character === ',' && depth === 1 ? ',\n ' : character;
    })
    .join('');
}
