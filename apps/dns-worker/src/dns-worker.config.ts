import { z } from 'zod';
import { cidrList, commonConfig, numberSetting, originMap, secretSetting } from '@connect/config';

const moment = z.enum(['after-turn-taken', 'before-intent', 'after-intent', 'after-write', 'before-settle', 'after-settle']);

export const DnsWorkerConfig = z.object({
  ...commonConfig,
  /** Ranges that outgoing calls may go to although they are private, loopback or ours: `10.0.0.0/8,fd00::/8`. */
  OUTGOING_ALLOW: cidrList().default([]),
  /** Zones worked on at once in one process. */
  CONCURRENT_ZONES: numberSetting({ min: 1, max: 1_000 }).default(8),
  /** Hides in the budget's table who uses which account. All workers need the same; a new one empties no bucket but forgets them. */
  BUDGET_SECRET: secretSetting(),
  /** Ends the process at a named moment, to prove that nothing is lost. */
  CRASH_POINT: moment.optional(),
  /** Stops the process there (SIGSTOP), to prove that nothing goes wrong when it runs on after its turn. */
  PAUSE_POINT: moment.optional(),
  /** Origins of providers, and what serves them in a test world: the worker calls the one and reaches the other. */
  PROVIDER_REROUTE: originMap().default({}),
}).superRefine((config, context) => {
  if (Object.keys(config.PROVIDER_REROUTE).length > 0 && config.NODE_ENV !== 'test') context.addIssue({ code: 'custom', path: ['PROVIDER_REROUTE'], message: 'is for tests only' });
  for (const setting of ['CRASH_POINT', 'PAUSE_POINT'] as const) {
    if (config[setting] !== undefined && config.NODE_ENV !== 'test') context.addIssue({ code: 'custom', path: [setting], message: 'is for tests only' });
  }
});
export type DnsWorkerConfig = z.infer<typeof DnsWorkerConfig>;
