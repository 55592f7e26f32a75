import { z } from 'zod';
import { addressList, cidrList, commonConfig, flagSetting, numberSetting, refusesInProduction, secretSetting } from '@connect/config';
import type { Secret } from '@connect/domain';

const leastSecretLength = 24;
const longSecret = (): z.ZodType<Secret<string>, string> => z.string().min(leastSecretLength, `has to have at least ${leastSecretLength} characters`).pipe(secretSetting());

export const GatewayConfig = z.object({
  ...commonConfig,
  /** The public port: /v1 and /docs; 0 takes a free one, which the line "service ready" names. */
  PORT: numberSetting({ min: 0, max: 65535 }).default(3000),
  ADDRESS: z.string().default('127.0.0.1'),
  /** Bearer of the inner port's /v1. */
  OPERATOR_KEY: longSecret(),
  /** API keys and idempotent requests are hashed with it; changing it ends every API key. */
  KEY_SECRET: longSecret(),
  /** Requests a minute with one API key, and as many at once after a pause; counted by each replica. 0: no limit. */
  RATE_LIMIT_PER_MINUTE: numberSetting({ min: 0, max: 1_000_000 }).default(600),
  /** Requests a minute without a valid key from one address, before keys that were not seen yet are refused from there. 0: no limit. */
  UNKNOWN_KEYS_PER_MINUTE: numberSetting({ min: 0, max: 1_000_000 }).default(30),
  /** Reverse proxies whose X-Forwarded-For is believed, `10.0.0.0/8,192.0.2.1`; without them the address of a request is whoever connects. */
  TRUSTED_PROXIES: cidrList().default([]),
  /** The addresses that our workers come from, for customers who have to allow them at their provider: `192.0.2.1,2001:db8::1`. */
  EGRESS_ADDRESSES: addressList().default([]),
  SWEEP_EVERY_MS: numberSetting({ min: 20, max: 3_600_000 }).default(5_000),
  /** Are there pages for people at /docs? /docs-json is always there. */
  DOCS: flagSetting().default(true),
}).superRefine(refusesInProduction([
  { setting: 'OPERATOR_KEY', when: (config) => config.OPERATOR_KEY.open((key) => key.startsWith('dev')), why: 'it is a key for development' },
  { setting: 'KEY_SECRET', when: (config) => config.KEY_SECRET.open((key) => key.startsWith('dev')), why: 'it is a secret for development' },
]));
export type GatewayConfig = z.infer<typeof GatewayConfig>;
