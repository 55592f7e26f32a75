import { ownerName, sameValue, type Clock, type ObservationCode, type OwnerName, type RecordSet } from '@connect/domain';
import type { NameServerAsker, ServerAnswer } from '../ports/name-server-asker.port.js';
import { zoneOf, type Delegation, type NameServer } from '../walk/delegation.js';
import type { WalkFromRoot } from '../walk/walk-from-root.js';
import { classify, classifyAbsence } from './classify.js';
import { conclude, type Conclusion, type Observation, type Silences } from './conclude.js';

/** What is looked for, and how the servers behaved so far. */
export type Expectation = { expectation: 'present' | 'absent'; recordSets: RecordSet[]; silences: Silences };

/** One look, with all that it rests on. */
export type Look = { conclusion: Conclusion; seen: SeenAnswer[]; zones: Delegation[]; observedAt: Date };
export type SeenAnswer = Observation & { answer: ServerAnswer };

const lookTimeoutMs = 10_000;

/** Asks every address of every name server of the zones that hold the record sets, all at once, and concludes. 10 s at most. */
export class PropagationCheck {
  constructor(private readonly walkFromRoot: WalkFromRoot, private readonly asker: NameServerAsker, private readonly roots: readonly string[], private readonly clock: Clock) {}

  async run(expected: Expectation, stop: AbortSignal): Promise<Look> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(lookTimeoutMs)]);
    const zones = new Map<OwnerName, Delegation>();
    const seen = (await Promise.all(expected.recordSets.map(async (recordSet) => {
      const zone = zoneOf(await this.walkFromRoot.walk(recordSet.ownerName, signal));
      if (zone === null) return [];
      zones.set(zone.zone, zone);
      return this.observeAll(expected.expectation, recordSet, zone, signal);
    }))).flat();
    const now = this.clock.now();
    const observations = await this.orOurSide(seen, signal);
    const conclusion = conclude(expected.expectation, observations, namesOf([...zones.values()]), expected.silences, now);
    return { conclusion: { ...conclusion, warnings: [...conclusion.warnings, ...mismatches([...zones.values()])] }, seen, zones: [...zones.values()], observedAt: now };
  }

  private async observeAll(expectation: 'present' | 'absent', recordSet: RecordSet, zone: Delegation, signal: AbortSignal): Promise<SeenAnswer[]> {
    const places = zone.nameServers.flatMap((server) => server.addresses.map((address) => ({ server: server.name, address })));
    return Promise.all(places.map(async ({ server, address }) => {
      const answer = await this.asker.ask(address, { ownerName: recordSet.ownerName, type: askedType(recordSet) }, signal);
      const code = expectation === 'absent' ? classifyAbsence(recordSet, answer) : classify(recordSet, answer);
      const isAlias = recordSet.type === 'CNAME' || recordSet.type === 'ALIAS';
      return { server, address, recordSet, answer, code: expectation === 'present' && isAlias && code === 'missing_value' ? await this.flattened(recordSet, address, signal) : code };
    }));
  }

  /** A provider that flattens an alias serves its target's addresses instead; the same addresses mean the same to a client. */
  private async flattened(recordSet: RecordSet, address: string, signal: AbortSignal): Promise<ObservationCode> {
    const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => this.asker.ask(address, { ownerName: recordSet.ownerName, type }, signal)));
    const served = answers.flatMap((answer) => (answer.kind === 'answer' ? answer.answers : [])).filter((record) => record.ownerName === recordSet.ownerName && (record.type === 'A' || record.type === 'AAAA'));
    if (served.length === 0) return 'missing_value';
    const target = await this.walkFromRoot.addressesOf(ownerName(recordSet.values[0]!), signal);
    return served.every((record) => target.some((value) => sameValue(record.type, value, record.value))) ? 'flattened_equivalent' : 'conflicting_value';
  }

  /** Nobody answered at all: are the roots silent as well, then it is our own network. */
  private async orOurSide(seen: SeenAnswer[], signal: AbortSignal): Promise<Observation[]> {
    if (seen.some(({ answer }) => answer.kind === 'answer')) return seen;
    const control = await Promise.all(this.roots.map((root) => this.asker.ask(root, { ownerName: ownerName('.'), type: 'NS' }, signal)));
    if (control.some((answer) => answer.kind === 'answer')) return seen;
    const server = ownerName('.');
    const recordSet: RecordSet = { ownerName: server, type: 'NS', ttlSeconds: 0, values: [] };
    return [{ server, address: this.roots[0] ?? '', recordSet, code: 'our_side' }];
  }
}

/** ALIAS exists at providers only; the DNS serves addresses for it. */
function askedType(recordSet: RecordSet): string {
  return recordSet.type === 'ALIAS' ? 'CNAME' : recordSet.type;
}

function namesOf(zones: Delegation[]): OwnerName[] {
  return [...new Set(zones.flatMap((zone) => zone.nameServers.map((server) => server.name)))];
}

function mismatches(zones: Delegation[]): string[] {
  const only = (servers: NameServer[], namedBy: NameServer['namedBy']): string => servers.filter((server) => server.namedBy === namedBy).map((server) => server.name).join(', ');
  return zones.flatMap((zone) => [
    ...(zone.nameServers.some((server) => server.namedBy === 'both') && only(zone.nameServers, 'parent') !== '' ? [`delegation_mismatch: only the parent of ${zone.zone} names ${only(zone.nameServers, 'parent')}`] : []),
    ...(only(zone.nameServers, 'zone') === '' ? [] : [`delegation_mismatch: only ${zone.zone} itself names ${only(zone.nameServers, 'zone')}`]),
  ]);
}
