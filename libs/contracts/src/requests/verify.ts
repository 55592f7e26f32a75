import { z } from 'zod';
import { defineRequest } from '../envelope.js';
import { Detection } from '../wire.js';

/** Detection without a connection, for `POST /v1/domains:check`; nothing is stored. */
export const detect = defineRequest({ subject: 'rpc.verify.detect', ask: z.object({ hostname: z.string(), apex: z.string() }), answer: z.object({ detection: Detection }) });

/** What each server answered in the last propagation check of a connection. */
export const evidence = defineRequest({
  subject: 'rpc.verify.evidence',
  ask: z.object({ tenant_id: z.string(), connection_id: z.string() }),
  answer: z.object({
    as_of: z.iso.datetime().nullable(),
    observations: z.array(z.object({ server: z.string(), address: z.string(), owner_name: z.string(), type: z.string(), rcode: z.string(), authoritative: z.boolean(), transport: z.enum(['udp', 'tcp']).nullable(), answers: z.array(z.string()), code: z.string(), observed_at: z.iso.datetime(), elapsed_ms: z.number() })),
    delegation: z.array(z.object({ zone: z.string(), name_servers: z.array(z.string()), from: z.string() })),
    /** What recursive resolvers said, once every name server agreed. */
    resolvers: z.array(z.object({ resolver: z.string(), owner_name: z.string(), type: z.string(), code: z.string(), rcode: z.string(), answers: z.array(z.string()), seconds_left: z.int().nullable() })),
    /** The chain of trust, zone by zone from the root down to where it ends. */
    dnssec: z.array(z.object({ zone: z.string(), status: z.enum(['secure', 'insecure', 'bogus', 'unknown']), detail: z.string().nullable() })),
    roots: z.array(z.string()),
    port_map: z.record(z.string(), z.int()),
  }),
});
