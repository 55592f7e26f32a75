import { displayName, observationCatalogue, type ObservationCode, type RecordSet } from '@connect/domain';
import type { VerdictFinding } from '@connect/contracts';
import type { SeenAnswer } from '../check/propagation-check.js';
import type { NameServer, Delegation } from '../walk/delegation.js';
import type { ResolverSight } from '../ports/resolver-asker.port.js';

/** One thing that explains a verdict or stands beside it. `expectedBy`: over by then without anybody doing anything. */
export type Finding = { code: ObservationCode; ownerName: string; type: string; detail: string; expectedBy: Date | null };

/** A foreign zone answers whatever it likes, and the verdict has to fit into a message of the bus; the evidence has more. */
const mostShown = { servers: 16, values: 4, charactersOfValue: 200 };

/** What single servers showed that is not the expected data, one finding for each code and record set. */
export function findingsOf(seen: readonly SeenAnswer[]): Finding[] {
  return grouped(seen.filter((one) => observationCatalogue[one.code].effect !== 'agrees')).map(({ code, recordSet, members }) => ({
    code, ownerName: recordSet.ownerName, type: recordSet.type, expectedBy: null,
    detail: listed(members, mostShown.servers, (one) => `${displayName(one.server)} (${one.address}) ${saidBy(one)}`),
  }));
}

/** What recursive resolvers still show, with the instant at which the last of them forgets it. */
export function findingsOfResolvers(sights: readonly ResolverSight[], observedAt: Date): Finding[] {
  return grouped(sights.filter((one) => isHeard(one) && !agrees(one))).map(({ code, recordSet, members }) => {
    const left = members.map((one) => one.secondsLeft).filter((seconds) => seconds !== null);
    return {
      code, ownerName: recordSet.ownerName, type: recordSet.type,
      detail: members.map((one) => `the resolver ${one.resolver} says ${said(one.rcode, one.answers.filter((record) => record.ownerName === recordSet.ownerName))}${one.secondsLeft === null ? '' : ` for ${one.secondsLeft} s more`}`).join(', '),
      expectedBy: left.length === 0 ? null : new Date(observedAt.getTime() + Math.max(...left) * 1_000),
    };
  });
}

/** Parent against child: a resolver may get either list. */
export function findingsOfDelegation(zones: readonly Delegation[]): Finding[] {
  const only = (servers: readonly NameServer[], namedBy: NameServer['namedBy']): string => servers.filter((server) => server.namedBy === namedBy).map((server) => server.name).join(', ');
  return zones.flatMap(({ zone, nameServers }) => {
    const byParent = nameServers.some((server) => server.namedBy === 'both') ? only(nameServers, 'parent') : '';
    const byZone = only(nameServers, 'zone');
    const details = [...(byParent === '' ? [] : [`only the parent of ${zone} names ${byParent}`]), ...(byZone === '' ? [] : [`only ${zone} itself names ${byZone}`])];
    return details.length === 0 ? [] : [{ code: 'delegation_mismatch', ownerName: zone, type: 'NS', detail: details.join('; '), expectedBy: null }];
  });
}

/** Did a resolver say something about the records? Its own failures say nothing. */
export function isHeard(sight: ResolverSight): boolean {
  return agrees(sight) || sight.code === 'old_value_cached' || sight.code === 'negative_cached' || sight.code === 'dnssec_bogus';
}

export function agrees(sight: ResolverSight): boolean {
  return observationCatalogue[sight.code].effect === 'agrees';
}

/** By this a finding is known again at the next look; its detail may differ from look to look. */
export function keyOf(finding: Finding): string {
  return `${finding.code} ${finding.ownerName} ${finding.type}`;
}

export function toWire({ code, ownerName, type, detail, expectedBy }: Finding): VerdictFinding {
  return { code, owner_name: ownerName, type, detail, expected_by: expectedBy?.toISOString() ?? null };
}

function saidBy({ answer, recordSet, served }: SeenAnswer): string {
  if (answer.kind === 'silence') return answer.why === 'denied' ? 'has an address that is not asked' : `gives no answer (${answer.why})`;
  return `says ${said(answer.rcode, [...answer.answers, ...served].filter((record) => record.ownerName === recordSet.ownerName))}`;
}

function said(rcode: string, records: readonly { type: string; value: string }[]): string {
  if (rcode !== 'NOERROR') return rcode;
  if (records.length === 0) return 'that there is nothing';
  return listed(records, mostShown.values, ({ type, value }) => `${type} ${value.length > mostShown.charactersOfValue ? `${value.slice(0, mostShown.charactersOfValue)}…` : value}`);
}

function listed<One>(all: readonly One[], most: number, say: (one: One) => string): string {
  const shown = all.slice(0, most).map(say).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

function grouped<One extends { code: ObservationCode; recordSet: RecordSet }>(all: readonly One[]): { code: ObservationCode; recordSet: RecordSet; members: One[] }[] {
  const groups = new Map<string, { code: ObservationCode; recordSet: RecordSet; members: One[] }>();
  for (const one of all) {
    const key = `${one.code} ${one.recordSet.ownerName} ${one.recordSet.type}`;
    const group = groups.get(key) ?? { code: one.code, recordSet: one.recordSet, members: [] };
    groups.set(key, group);
    group.members.push(one);
  }
  return [...groups.values()];
}
