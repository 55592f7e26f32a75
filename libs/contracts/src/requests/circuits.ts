import { z } from 'zod';
import { errorCodes } from '@connect/domain';
import { defineRequest } from '../envelope.js';

/**
 * Whether calls are sent to a provider. `open`: it did not answer several calls in a row, and nothing is sent before `next_probe_at`; `half_open`: one call is under
 * way to see whether it is well again. `since`: of the last change between closed and not closed; `code`: what opened it.
 */
export const ProviderCircuit = z.object({
  provider: z.string(),
  state: z.enum(['closed', 'open', 'half_open']),
  since: z.iso.datetime(),
  code: z.enum(errorCodes).nullable(),
  next_probe_at: z.iso.datetime().nullable(),
});
export type ProviderCircuit = z.infer<typeof ProviderCircuit>;

/** A provider that is not named was never open. Where the credential names the servers, each has its own circuit, and none is told. */
export const listCircuits = defineRequest({ subject: 'rpc.dns.list-circuits', ask: z.object({}), answer: z.object({ circuits: z.array(ProviderCircuit) }) });
