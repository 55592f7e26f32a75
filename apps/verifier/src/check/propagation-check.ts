import { ownerName, type Clock, type ObservationCode, type OwnerName, type RecordSet } from '@connect/domain';
import type { AnswerRecord, NameServerAsker, ServerAnswer } from '../ports/name-server-asker.port.js';
import { askedType, zoneOf, type Delegation, type HostAddresses } from '../walk/delegation.js';
import type { WalkFromRoot } from '../walk/walk-from-root.js';
import { withDeadline } from '../with-deadline.js';
import { classify, classifyAbsence, classifyFlattened, classifyFlattenedAbsence, failureOf } from './classify.js';
import { conclude, type Conclusion, type Observation, type Silences } from './conclude.js';
import { areOfProxy } from './proxy-ranges.js';

/** What is looked for, and how the servers behaved so far. */
export type Expectation = { expectation: 'present' | 'absent'; recordSets: RecordSet[]; silences: Silences };

/** One look, with all that it rests on. */
export type Look = { conclusion: Conclusion; seen: SeenAnswer[]; chains: Delegation[][]; observedAt: Date };
/** `served`: the addresses at a name where an alias is looked for and is not. */
export type SeenAnswer = Observation & { answer: ServerAnswer; served: AnswerRecord[] };

const lookTimeoutMs = 10_000;
/** Of that, so that servers which the walk heard nothing of are still asked, each at once. */
const walkTimeoutMs = 6_000;
const controlTimeoutMs = 3_000;

/** Asks every address of every name server of the zones that hold the record sets, all at once, and concludes. 10 s at most. */
export class PropagationCheck {
  constructor(private readonly walkFromRoot: WalkFromRoot, private readonly asker: NameServerAsker, private readonly roots: readonly string[], private readonly clock: Clock) {}

  async run(expected: Expectation, stop: AbortSignal): Promise<Look> {
    const { seen, chains } = await withDeadline(stop, lookTimeoutMs, (signal) => this.askEverywhere(expected, signal));
    const now = this.clock.now();
    const observations = await this.orOurSide(seen, stop);
    const look = { seen, chains, observedAt: now };
    const conclusion = conclude(expected.expectation, expected.recordSets, observations, namesOf(zonesOf(look)), expected.silences, now);
    return { ...look, conclusion: { ...conclusion, warnings: [...conclusion.warnings, ...zonesOf(look).filter((zone) => zone.leftOut > 0).map(tooMany)] } };
  }

  private async askEverywhere({ expectation, recordSets }: Expectation, signal: AbortSignal): Promise<Pick<Look, 'seen' | 'chains'>> {
    const chains = new Map<OwnerName, Delegation[]>();
    const seen = await Promise.all(recordSets.map(async (recordSet) => {
      const walk = await withDeadline(signal, walkTimeoutMs, (enough) => this.walkFromRoot.walk(recordSet.ownerName, enough));
      const zone = zoneOf(walk);
      if (zone === null) return [];
      chains.set(zone.zone, walk.chain);
      return this.observeAll(expectation, recordSet, zone, signal);
    }));
    return { seen: seen.flat(), chains: [...chains.values()] };
  }

  private async observeAll(expectation: 'present' | 'absent', recordSet: RecordSet, zone: Delegation, signal: AbortSignal): Promise<SeenAnswer[]> {
    let target: Promise<HostAddresses> | null = null;
    const targetOnce = (): Promise<HostAddresses> => (target ??= this.walkFromRoot.addressesOf(ownerName(recordSet.values[0]!), signal));
    const places = zone.nameServers.flatMap((server) => server.addresses.map((address) => ({ server: server.name, address })));
    return Promise.all(places.map(async ({ server, address }) => {
      const answer = await this.asker.ask(address, { ownerName: recordSet.ownerName, type: askedType(recordSet) }, signal);
      const code = expectation === 'present' ? classify(recordSet, answer) : classifyAbsence(recordSet, answer);
      const isWithoutAlias = askedType(recordSet) === 'CNAME' && code === 'missing_value';
      const seen = { server, address, recordSet, answer, ...(isWithoutAlias ? await this.flattened(expectation, recordSet, address, targetOnce, signal) : { served: [], code }) };
      return seen.code === 'conflicting_value' && areOfProxy(namesOf([zone]), addressesIn(seen)) ? { ...seen, code: 'proxied' } : seen;
    }));
  }

  /** Where there is no alias, its provider may serve the target's addresses in its place. */
  private async flattened(expectation: 'present' | 'absent', { ownerName: name }: RecordSet, address: string, target: () => Promise<HostAddresses>, signal: AbortSignal): Promise<Pick<SeenAnswer, 'served' | 'code'>> {
    const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => this.asker.ask(address, { ownerName: name, type }, signal)));
    const served = answers.flatMap((answer) => (answer.kind === 'answer' ? answer.answers : [])).filter((record) => record.ownerName === name && (record.type === 'A' || record.type === 'AAAA'));
    const judge = expectation === 'present' ? classifyFlattened : classifyFlattenedAbsence;
    const code: ObservationCode = served.length === 0 ? 'missing_value' : judge(served, await target());
    return { served, code: code === 'missing_value' ? (answers.map(failureOf).find((failure) => failure !== null) ?? code) : code };
  }

  /** Nobody answered at all: are the roots silent as well, then it is our own network. They have time of their own, for who was silent took all the rest. */
  private async orOurSide(seen: SeenAnswer[], stop: AbortSignal): Promise<Observation[]> {
    if (seen.some(({ answer }) => answer.kind === 'answer')) return seen;
    const control = await withDeadline(stop, controlTimeoutMs, (signal) => Promise.all(this.roots.map((root) => this.asker.ask(root, { ownerName: ownerName('.'), type: 'NS' }, signal))));
    if (control.some((answer) => answer.kind === 'answer')) return seen;
    const server = ownerName('.');
    const recordSet: RecordSet = { ownerName: server, type: 'NS', ttlSeconds: 0, values: [] };
    return [{ server, address: this.roots[0] ?? '', recordSet, code: 'our_side' }];
  }
}

/** The zones that a look asked. */
export function zonesOf({ chains }: Pick<Look, 'chains'>): Delegation[] {
  return chains.map((chain) => chain.at(-1)).filter((zone) => zone !== undefined);
}

function tooMany({ zone, nameServers, leftOut }: Delegation): string {
  return `${zone} has ${nameServers.length + leftOut} name servers, of which ${leftOut} are not asked`;
}

function namesOf(zones: Delegation[]): OwnerName[] {
  return [...new Set(zones.flatMap((zone) => zone.nameServers.map((server) => server.name)))];
}

/** All that the name is answered with, if that is addresses. */
function addressesIn({ answer, served, recordSet }: SeenAnswer): string[] {
  const records = [...(answer.kind === 'answer' ? answer.answers : []), ...served].filter((record) => record.ownerName === recordSet.ownerName);
  return records.every((record) => record.type === 'A' || record.type === 'AAAA') ? records.map((record) => record.value) : [];
}
