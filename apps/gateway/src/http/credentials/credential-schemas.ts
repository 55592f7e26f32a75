import { z } from 'zod';
import { secret, type Secret } from '@connect/domain';

/** The string of the provider's page, or the object where the credential is JSON. It becomes a secret before anything else sees it. */
const Token = z.union([z.string().min(1).max(65_536), z.record(z.string(), z.unknown())]).transform((token): Secret<string> => secret(typeof token === 'string' ? token : JSON.stringify(token)));

const shared = { label: z.string().max(200).optional(), zone: z.string().min(1).max(255).optional(), /** Ask the provider at once what the credential is good for. */ check: z.boolean().default(true) };

export const NewCredentialBody = z.strictObject({ provider: z.string().min(1).max(64), token: Token, customer_reference: z.string().min(1).max(255).optional(), ...shared });
export type NewCredentialBody = z.infer<typeof NewCredentialBody>;

export const ReplacementBody = z.strictObject({ token: Token, ...shared });
export type ReplacementBody = z.infer<typeof ReplacementBody>;
