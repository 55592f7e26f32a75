import { z } from 'zod';
import { commonConfig, numberSetting, secretSetting } from '@connect/config';

export const CredentialVaultConfig = z.object({
  ...commonConfig,
  /** The root keyring as JSON, or the path of a file that holds it; exactly one of both. docs/runbooks/root-keyring.md */
  ROOT_KEYRING: secretSetting().optional(),
  ROOT_KEYRING_FILE: z.string().optional(),
  /** How long an unwrapped tenant key stays in memory, in seconds. 0: not at all. */
  TENANT_KEY_CACHE_SECONDS: numberSetting({ min: 0, max: 300 }).default(60),
  /** How many of them at most. */
  TENANT_KEY_CACHE_SIZE: numberSetting({ min: 1, max: 1_000_000 }).default(10_000),
  /** After how many days the key pair that credentials are sealed to on their way in is replaced. */
  TRANSPORT_KEY_DAYS: numberSetting({ min: 1, max: 365 }).default(30),
  /** After how many days a row of the audit is deleted. */
  AUDIT_DAYS: numberSetting({ min: 30, max: 36_500 }).default(400),
}).superRefine((config, context) => {
  const isGiven = [config.ROOT_KEYRING, config.ROOT_KEYRING_FILE].map((setting) => setting !== undefined);
  if (!isGiven.includes(true)) context.addIssue({ code: 'custom', path: ['ROOT_KEYRING'], message: 'is not set, nor is ROOT_KEYRING_FILE' });
  if (!isGiven.includes(false)) context.addIssue({ code: 'custom', path: ['ROOT_KEYRING'], message: 'and ROOT_KEYRING_FILE are both set; which one holds?' });
});
export type CredentialVaultConfig = z.infer<typeof CredentialVaultConfig>;
