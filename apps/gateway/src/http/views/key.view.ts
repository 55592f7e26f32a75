import { z } from 'zod';
import { scopes } from '../../ports/caller.js';
import type { StoredKey } from '../../ports/key-store.port.js';

export const KeyView = z.object({
  id: z.string(), level: z.enum(['tenant', 'application']), application_id: z.string().nullable(), name: z.string().nullable(), scopes: z.array(z.enum(scopes)),
  /** The first characters, to tell keys apart. */
  hint: z.string(), expires_at: z.iso.datetime().nullable(), revoked_at: z.iso.datetime().nullable(), created_by: z.string(), created_at: z.iso.datetime(),
}).meta({ id: 'Key' });
export type KeyView = z.infer<typeof KeyView>;
export function keyView(key: StoredKey): KeyView {
  return {
    id: key.id, level: key.application_id === null ? 'tenant' : 'application', application_id: key.application_id, name: key.name, scopes: key.scopes, hint: key.hint, expires_at: key.expires_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null, created_by: key.created_by, created_at: key.created_at.toISOString(),
  };
}
/** The answer that shows a key, once. */
export const ShownKeyView = KeyView.extend({ key: z.string() }).meta({ id: 'NewKey' });
