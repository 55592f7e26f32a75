import pg from 'pg';
import { serviceNames, type ServiceName } from '@connect/contracts';

/** Each service has a schema and a role of the same name, which owns that schema and sees no other. */
export const databaseSchemas = { 'gateway': 'gateway', 'credential-vault': 'vault', 'dns-worker': 'dns_worker', 'verifier': 'verifier' } as const satisfies Record<ServiceName, string>;
export const databaseRoles: readonly string[] = Object.values(databaseSchemas);

/**
 * Makes the database, and for each service its role and schema. Can be run again; passwords are set to what is given.
 * Returns the URL of each service, under its own role.
 */
export async function provisionDatabase(adminUrl: string, database: string, passwords: Record<string, string>): Promise<Record<ServiceName, string>> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  });
  await withClient(pointedAt(adminUrl, database), async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('connect-domain roles', 0))`);
    await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    for (const schema of Object.values(databaseSchemas)) await provisionSchema(client, schema, passwords[schema] ?? '', database);
    await client.query('COMMIT');
  });
  return Object.fromEntries(serviceNames.map((service) => {
    const role = databaseSchemas[service];
    return [service, pointedAt(adminUrl, database, role, passwords[role])];
  })) as Record<ServiceName, string>;
}

async function provisionSchema(client: pg.Client, schema: string, password: string, database: string): Promise<void> {
  const role = client.escapeIdentifier(schema);
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [schema]);
  if (found.rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE`);
  await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
  await client.query(`ALTER ROLE ${role} IN DATABASE ${client.escapeIdentifier(database)} SET search_path = ${role}`);
  await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO ${role}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${role} AUTHORIZATION ${role}`);
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function pointedAt(url: string, database: string, user?: string, password?: string): string {
  const target = new URL(url);
  target.pathname = `/${database}`;
  if (user !== undefined) target.username = user;
  if (password !== undefined) target.password = encodeURIComponent(password);
  return target.href;
}
