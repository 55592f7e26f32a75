import { displayName } from '@connect/domain';
import type { evidence } from '@connect/contracts';
import type { z } from 'zod';
import type { Look } from '../check/propagation-check.js';

export type Evidence = Pick<z.infer<typeof evidence.answer>, 'observations' | 'delegation'>;

/** What a look rests on, in the form in which it is kept and shown. */
export function evidenceOf(look: Look): Evidence {
  const observed_at = look.observedAt.toISOString();
  return {
    observations: look.seen.map(({ server, address, recordSet, code, answer }) => ({
      server: displayName(server), address, owner_name: recordSet.ownerName, type: recordSet.type, code, observed_at, elapsed_ms: Math.round(answer.elapsedMs * 10) / 10,
      ...(answer.kind === 'silence'
        ? { rcode: answer.why, authoritative: false, transport: null, answers: [] }
        : { rcode: answer.rcode, authoritative: answer.authoritative, transport: answer.transport, answers: answer.answers.map((record) => `${record.ownerName} ${record.ttlSeconds} ${record.type} ${record.value}`) }),
    })),
    delegation: look.zones.map((zone) => ({ zone: zone.zone, name_servers: zone.nameServers.map((server) => displayName(server.name)), from: zone.from })),
  };
}
