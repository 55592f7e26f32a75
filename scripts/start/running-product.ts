import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const RunningProduct = z.object({ inner_url: z.string(), operator_key: z.string() });
export type RunningProduct = z.infer<typeof RunningProduct>;

/** Where an operator's command goes: `INNER_URL` and `OPERATOR_KEY`, or else the product that `npm start` runs here. Ends the process where there is neither. */
export function runningProduct(): RunningProduct {
  const { INNER_URL, OPERATOR_KEY } = process.env;
  if (INNER_URL !== undefined && OPERATOR_KEY !== undefined) return { inner_url: INNER_URL, operator_key: OPERATOR_KEY };
  try {
    return RunningProduct.parse(JSON.parse(readFileSync(join(process.cwd(), '.data', 'dev.json'), 'utf8')));
  } catch {
    console.error('The product was not started here yet: run npm start first, or set INNER_URL (the inner port of the gateway) and OPERATOR_KEY.');
    process.exit(1);
  }
}
