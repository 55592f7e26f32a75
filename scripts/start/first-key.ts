import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LocalProduct } from '@connect/local-product';
import { LocalPartError } from '@connect/local-parts';

const NewTenant = z.object({ id: z.string(), api_key: z.object({ key: z.string() }) });

/** The first tenant's key: made at the first start, kept in the data folder for the next ones. */
export async function firstKey(product: LocalProduct, dir: string): Promise<string> {
  const file = join(dir, 'first-key');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { key } = await newTenant(product, 'First tenant');
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

/** Makes a tenant on the inner port; its first key has every scope. */
export async function newTenant(product: Pick<LocalProduct, 'innerUrl' | 'operatorKey'>, name: string): Promise<{ id: string; key: string }> {
  const response = await fetch(`${product.innerUrl}/v1/tenants`, {
    method: 'POST', headers: { authorization: `Bearer ${product.operatorKey}`, 'content-type': 'application/json' }, body: JSON.stringify({ name }),
  });
  if (response.status !== 201) throw new LocalPartError('start_failed', `The first tenant could not be made (HTTP ${response.status}): ${await response.text()}`);
  const { id, api_key } = NewTenant.parse(await response.json());
  return { id, key: api_key.key };
}
