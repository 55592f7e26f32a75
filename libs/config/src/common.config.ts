import { z } from 'zod';
import type { Secret } from '@connect/domain';
import { numberSetting, secretSetting } from './settings.js';

/** Settings that every service has: the shape that each `<app>.config.ts` spreads into its own. Without NODE_ENV it is production. */
export const commonConfig = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  /** `postgres://role:password@host:port/database` */
  DATABASE_URL: secretUrl('postgres:', 'postgresql:'),
  DATABASE_POOL: numberSetting({ min: 1, max: 100 }).default(10),
  /** `nats://user:password@host:port`, more servers after commas. */
  NATS_URL: secretUrl('nats:', 'tls:'),
  /** Port of /healthz, /readyz and /metrics; 0 takes a free one, which the line "service ready" names. */
  INNER_PORT: numberSetting({ min: 0, max: 65535 }).default(0),
  INNER_ADDRESS: z.string().default('127.0.0.1'),
  /** How long work in hand may take to finish after SIGTERM. */
  SHUTDOWN_MS: numberSetting({ min: 100, max: 300_000 }).default(10_000),
};
export const CommonConfig = z.object(commonConfig);
export type CommonConfig = z.infer<typeof CommonConfig>;

export type UnsafeSetting<Config> = { setting: keyof Config & string; when: (config: Config) => boolean; why: string };

/** For `schema.superRefine(…)`: settings that are fine on a developer's machine and refused in production, each with its reason. */
export function refusesInProduction<Config extends { NODE_ENV: string }>(unsafe: UnsafeSetting<Config>[]): (config: Config, context: z.core.$RefinementCtx<Config>) => void {
  return (config, context) => {
    if (config.NODE_ENV !== 'production') return;
    for (const { setting, when, why } of unsafe) {
      if (when(config)) context.addIssue({ code: 'custom', path: [setting], message: `is refused in production: ${why}` });
    }
  };
}

function secretUrl(...protocols: string[]): z.ZodType<Secret<string>, string> {
  return z
    .string()
    .refine((text) => text.split(',').every((each) => protocols.includes(protocolOf(each.trim()))), `has to be a URL that begins with ${protocols[0]}//`)
    .pipe(secretSetting());
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : '';
}
