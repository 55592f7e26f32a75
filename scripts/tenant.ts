/** `npm run tenant -- new NAME`: makes a tenant in the product that `npm start` runs, and prints its first API key, once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newTenant } from './start/first-key.js';

const [verb, ...words] = process.argv.slice(2);
const name = words.join(' ');
if (verb !== 'new' || name === '') {
  console.error('Usage: npm run tenant -- new NAME');
  process.exit(2);
}
const { inner_url, operator_key } = running();
const tenant = await newTenant({ innerUrl: inner_url, operatorKey: operator_key }, name);
console.log(`tenant   ${tenant.id}\nAPI key  ${tenant.key}   (shown once)`);

function running(): { inner_url: string; operator_key: string } {
  try {
    return z.object({ inner_url: z.string(), operator_key: z.string() }).parse(JSON.parse(readFileSync(join(process.cwd(), '.data', 'dev.json'), 'utf8')));
  } catch {
    console.error('The product was not started here yet: run npm start first.');
    process.exit(1);
  }
}
