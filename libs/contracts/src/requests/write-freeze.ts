import { z } from 'zod';
import { defineRequest } from '../envelope.js';

/** A pause of writing that the operator ordered: for the whole installation, one provider or one tenant. The dns-worker keeps it and looks at it in every turn. */
export const WriteFreeze = z.object({
  id: z.string(),
  scope: z.enum(['installation', 'provider', 'tenant']),
  /** The provider key or tenant id; null for the installation. */
  value: z.string().nullable(),
  reason: z.string(),
  begun_at: z.iso.datetime(),
});
export type WriteFreeze = z.infer<typeof WriteFreeze>;

export const listWriteFreezes = defineRequest({ subject: 'rpc.dns.list-write-freezes', ask: z.object({}), answer: z.object({ freezes: z.array(WriteFreeze) }) });
/** Idempotent by the id. */
export const beginWriteFreeze = defineRequest({ subject: 'rpc.dns.begin-write-freeze', ask: WriteFreeze.omit({ begun_at: true }), answer: z.object({ freeze: WriteFreeze }) });
/** `ended: false`: there is no such freeze. */
export const endWriteFreeze = defineRequest({ subject: 'rpc.dns.end-write-freeze', ask: z.object({ id: z.string() }), answer: z.object({ ended: z.boolean() }) });
