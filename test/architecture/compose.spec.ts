import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { loadConfig } from '@connect/config';
import { databaseSchemas } from '@connect/local-product';
import { busUsers } from '@connect/messaging';
import { natsConfiguration } from '../../scripts/generate/nats-configuration.js';
import { filledIn, makeEnv, readCompose, referencesIn, textOf } from './compose-file.js';
import { repository } from './planted-tree.js';

const { services, networks } = readCompose();
const apps = readdirSync(join(repository, 'apps')).filter((app) => existsSync(join(repository, 'apps', app, 'src/main.ts')));
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('connect-domain:'));
const secretName = /PASSWORD|SECRET|KEY$|_URL$/;

let folder: string;
let drawn: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-env-'));
  drawn = makeEnv(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `apps/dns-worker` has `DnsWorkerConfig` in `dns-worker.config.ts`. */
async function configOf(app: string): Promise<z.ZodObject> {
  const name = `${app.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')}Config`;
  const exported = (await import(join(repository, `apps/${app}/src/${app}.config.ts`))) as Record<string, z.ZodObject | undefined>;
  const schema = exported[name];
  if (schema === undefined) throw new Error(`apps/${app}/src/${app}.config.ts exports no ${name}`);
  return schema;
}

describe('docker-compose.yml', () => {
  it.each(apps)('gives %s every setting that it requires, in production', async (app) => {
    const schema = await configOf(app);
    const environment = filledIn(services[app]?.environment ?? {}, drawn);

    expect(() => loadConfig(schema, environment)).not.toThrow();
    expect(environment['NODE_ENV']).toBe('production');
  });

  it.each(apps)('gives %s no setting that it does not know', async (app) => {
    const schema = await configOf(app);

    expect(Object.keys(services[app]?.environment ?? {}).filter((name) => !(name in schema.shape))).toEqual([]);
  });

  it.each(apps)('migrates the database of %s with the same settings before it starts', (app) => {
    const { command = [], environment } = services[`${app}-migrate`] ?? {};

    expect(command.slice(-2)).toEqual([`dist/apps/${app}/main.js`, 'migrate']);
    expect(environment).toEqual(services[app]?.environment);
    expect(services[app]?.['depends_on']).toHaveProperty([`${app}-migrate`, 'condition'], 'service_completed_successfully');
  });

  it('opens ports on the loopback only, and none for what has replicas', () => {
    const published = Object.entries(services).flatMap(([name, { ports }]) => ports.map((port) => [name, port] as const));

    expect(published.filter(([, port]) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect([...new Set(published.map(([name]) => name))].sort()).toEqual(['gateway', 'nats']);
    expect(Object.values(services).filter((service) => 'container_name' in service)).toEqual([]);
  });

  it('holds no secret: each is a variable without which compose refuses to start', () => {
    const settings = Object.entries(services).flatMap(([service, { environment }]) => Object.entries(environment).map(([name, value]) => ({ service, name, value })));
    const plain = settings.filter(({ name, value }) => secretName.test(name) && !/\$\{[A-Z_]+:\?/.test(value ?? ''));
    const inUrls = settings.filter(({ name, value }) => name.endsWith('_URL') && !/^[a-z]+:\/\/[a-z_-]+:\$\{[A-Z_]+:\?[^}]*\}@[a-z]+:\d+/.test(value ?? ''));

    expect(plain).toEqual([]);
    expect(inUrls).toEqual([]);
  });

  it('gives each container its own secrets and nobody else’s (P7)', () => {
    const perApp = apps.map((app) => referencesIn(JSON.stringify(services[app])).filter((name) => secretName.test(name) || name.includes('PASSWORD')));

    expect(perApp.flat().length).toBe(new Set(perApp.flat()).size);
    expect(ours.filter(([, { secrets }]) => secrets.includes('root-keyring')).map(([name]) => name)).toEqual(apps.includes('credential-vault') ? ['credential-vault'] : []);
    expect(referencesIn(JSON.stringify(services['provision'])).filter((name) => name.includes('PASSWORD'))).toEqual(['NATS_PASSWORD_PROVISION']);
  });

  it('leaves the vault and the database without a way out', () => {
    expect(networks['inside']?.internal).toBe(true);
    for (const name of ['credential-vault', 'postgres', 'provision']) expect(services[name]?.networks).toEqual(['inside']);
  });

  it('runs our image without root, capabilities or a file system that can be written', () => {
    const user = [...textOf('Dockerfile').matchAll(/^USER (\S+)$/gm)].at(-1)?.[1];

    expect(user).toMatch(/^[1-9][0-9]*:[1-9][0-9]*$/);
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(service).not.toHaveProperty('user');
      expect(service).not.toHaveProperty('privileged');
    }
    for (const app of apps) expect(services[app]).toHaveProperty('healthcheck.test');
  });

  it('builds its image once, and never takes somebody else’s of that name from a registry', () => {
    expect(ours.filter(([, service]) => 'build' in service).map(([name]) => name)).toEqual(['provision']);
    for (const [, service] of ours) expect(service).toMatchObject({ pull_policy: 'never' });
  });

  it('keeps secrets out of the image: nothing reaches the build but what it reads', () => {
    const [first, ...rest] = textOf('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

    expect(first).toBe('*');
    expect(rest.filter((line) => line.startsWith('!')).sort()).toEqual(['!.npmrc', '!LICENSE', '!apps', '!libs', '!nest-cli.json', '!package-lock.json', '!package.json', '!scripts', '!tsconfig.json']);
    expect(textOf('Dockerfile')).not.toMatch(/^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN|KEY)/m);
  });
});

describe('deploy/', () => {
  it('has a nats.conf that is made from the permissions of today, and a password for each of its users', () => {
    const wanted = busUsers.map(({ name }) => `NATS_PASSWORD_${name.toUpperCase().replaceAll('-', '_')}`);

    expect(textOf('deploy/nats.conf')).toBe(natsConfiguration().text);
    expect(Object.keys(services['nats']?.environment ?? {}).sort()).toEqual(wanted.sort());
  });

  it('makes a database role for each service', () => {
    const script = textOf('deploy/postgres/10-roles.sh');

    for (const schema of Object.values(databaseSchemas)) expect(script).toContain(`('${schema}', :'${schema}_password')`);
    expect(referencesIn(JSON.stringify(services['postgres']?.environment)).filter((name) => script.includes(name)).length).toBe(Object.keys(databaseSchemas).length);
  });

  it('draws secrets that differ, that nats-server reads as text, and that only the owner may read', () => {
    const secrets = Object.entries(drawn).filter(([name]) => secretName.test(name) || name.includes('PASSWORD')).map(([, value]) => value);

    expect(new Set(secrets).size).toBe(secrets.length);
    expect(secrets.filter((value) => !/^[a-z][0-9a-f]{48}$/.test(value))).toEqual([]);
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deploy/secrets')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(folder, 'deploy/secrets/root-keyring.json'), 'utf8'))).toEqual({ primary: 1, keys: { 1: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) } });
  });

  it('keeps what was drawn, and adds what a newer version needs', () => {
    const kept = Object.fromEntries(Object.entries(drawn).filter(([name]) => name !== 'BUDGET_SECRET'));
    const other = mkdtempSync(join(tmpdir(), 'compose-env-'));
    appendFileSync(join(other, '.env'), Object.entries(kept).map(([name, value]) => `${name}=${value}`).join('\n'));

    const after = makeEnv(other);

    rmSync(other, { recursive: true, force: true });
    expect(after).toMatchObject(kept);
    expect(after['BUDGET_SECRET']).not.toBe(drawn['BUDGET_SECRET']);
    expect(Object.keys(after).sort()).toEqual(Object.keys(drawn).sort());
  });

  it('names in .env.example exactly the variables of docker-compose.yml', () => {
    const passedOn = Object.values(services).flatMap(({ environment }) => Object.entries(environment).filter(([, value]) => value === null).map(([name]) => name));
    const named = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((found) => found[1]);

    expect([...new Set(named)].sort()).toEqual([...new Set([...referencesIn(textOf('docker-compose.yml')), ...passedOn])].sort());
  });

  it('leaves nothing drawn for git to take', () => {
    const ignored = textOf('.gitignore').split('\n');

    expect(ignored).toEqual(expect.arrayContaining(['.env', 'deploy/secrets/']));
  });
});
