import { displayName } from '@connect/domain';
import type { evidence } from '@connect/contracts';
import type { z } from 'zod';
import type { AnswerRecord } from '../ports/name-server-asker.port.js';
import { zonesOf, type Look } from '../check/propagation-check.js';
import type { Diagnosis } from '../diagnosis/diagnose.js';
import { beginningOf, firstOf } from './cut.js';

export type Evidence = Pick<z.infer<typeof evidence.answer>, 'observations' | 'delegation' | 'resolvers' | 'dnssec'>;

export const noEvidence: Evidence = { observations: [], delegation: [], resolvers: [], dnssec: [] };

/** All of it has to fit into one message of the bus (1 MiB). */
const mostOctets = { observations: 600_000, delegation: 80_000, resolvers: 160_000, dnssec: 80_000 };

/** What a look rests on, in the form in which it is kept and shown. */
export function evidenceOf(look: Look, { sights, links }: Pick<Diagnosis, 'sights' | 'links'>): Evidence {
  const observed_at = look.observedAt.toISOString();
  return {
    observations: firstOf(look.seen.map(({ server, address, recordSet, code, answer, served }) => ({
      server: displayName(server), address, owner_name: recordSet.ownerName, type: recordSet.type, code, observed_at, elapsed_ms: Math.round(answer.elapsedMs * 10) / 10,
      ...(answer.kind === 'silence'
        ? { rcode: answer.why, authoritative: false, transport: null, answers: [] }
        : { rcode: answer.rcode, authoritative: answer.authoritative, transport: answer.transport, answers: beginningOf([...answer.answers, ...served].map(inZoneFile)) }),
    })), mostOctets.observations),
    delegation: firstOf(zonesOf(look).map((zone) => ({ zone: zone.zone, name_servers: beginningOf(zone.nameServers.map((server) => displayName(server.name))), from: zone.from })), mostOctets.delegation),
    resolvers: firstOf(sights.map(({ resolver, recordSet, code, rcode, answers, secondsLeft }) => ({ resolver, owner_name: recordSet.ownerName, type: recordSet.type, code, rcode, answers: beginningOf(answers.map(inZoneFile)), seconds_left: secondsLeft })), mostOctets.resolvers),
    dnssec: firstOf(links.map(({ zone, status, detail }) => ({ zone, status, detail })), mostOctets.dnssec),
  };
}

function inZoneFile(record: AnswerRecord): string {
  return `${record.ownerName} ${record.ttlSeconds} ${record.type} ${record.value}`;
}
