/** `npm run tenant -- new NAME`: makes a tenant in the product that `npm start` runs (or INNER_URL and OPERATOR_KEY name), and prints its first API key, once. */
import { newTenant } from './start/first-key.js';
import { runningProduct } from './start/running-product.js';

const [verb, ...words] = process.argv.slice(2);
const name = words.join(' ');
if (verb !== 'new' || name === '') {
  console.error('Usage: npm run tenant -- new NAME');
  process.exit(2);
}
const { inner_url, operator_key } = runningProduct();
const tenant = await newTenant({ innerUrl: inner_url, operatorKey: operator_key }, name);
console.log(`tenant   ${tenant.id}\nAPI key  ${tenant.key}   (shown once)`);
