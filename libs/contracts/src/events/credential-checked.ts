import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { CredentialReport } from '../wire.js';

/** From dns-worker: what the provider said of a credential. */
export const credentialChecked = defineMessage({
  subject: 'evt.dns.credential-checked',
  step: 'check',
  connectionless: true,
  data: z.object({ credential_id: z.string(), report: CredentialReport }),
  golden: {
    credential_id: 'cred_00000000000000000000000000000004',
    report: { valid: true, code: null, detail: null, zones: [{ id: 'example.com.', apex: 'example.com.' }], zones_complete: true, may: ['list_zones', 'read_records', 'write_records'], wider_than_needed: null, expires_at: null, checked_at: '2026-01-01T00:00:00.000Z' },
  },
});
