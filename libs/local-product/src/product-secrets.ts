import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What a local product draws once and keeps in its data folder, readable by its owner only. */
export const ProductSecrets = z.object({
  postgresPassword: z.string(),
  operatorKey: z.string(),
  keySecret: z.string(),
  budgetSecret: z.string(),
  rootKeyring: z.string(),
  /** Passwords of database roles and bus users, by name. */
  databasePasswords: z.record(z.string(), z.string()),
  busPasswords: z.record(z.string(), z.string()),
});
export type ProductSecrets = z.infer<typeof ProductSecrets>;

/** Reads the secrets from `file`, or draws them and writes them there. */
export function productSecrets(file: string, roles: readonly string[], busUsers: readonly string[]): ProductSecrets {
  if (existsSync(file)) return ProductSecrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  const drawn: ProductSecrets = {
    postgresPassword: draw(),
    operatorKey: `op_${draw()}`,
    keySecret: draw(),
    budgetSecret: draw(),
    rootKeyring: JSON.stringify({ development: true, primary: 1, keys: { 1: randomBytes(32).toString('base64') } }),
    databasePasswords: Object.fromEntries(roles.map((role) => [role, draw()])),
    busPasswords: Object.fromEntries(busUsers.map((user) => [user, draw()])),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(drawn, null, 2)}\n`, { mode: 0o600 });
  return drawn;
}

function draw(): string {
  return randomBytes(24).toString('base64url');
}
