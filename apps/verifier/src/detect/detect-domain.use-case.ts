import { displayName, ownerName, suffixesOf, type Clock, type OwnerName, groupRecords, txtText } from '@connect/domain';
import { recordSetToWire, type Detection } from '@connect/contracts';
import type { AnswerRecord, NameServerAsker, Question } from '../ports/name-server-asker.port.js';
import { zoneOf, type Delegation } from '../walk/delegation.js';
import type { WalkFromRoot } from '../walk/walk-from-root.js';
import { withDeadline } from '../with-deadline.js';

const servedTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'CAA'] as const;
const detectTimeoutMs = 10_000;
/** A larger record set is left out: a foreign zone decides on it, and what is detected has to fit into a message. */
const mostServed = { values: 100, characters: 16_384 };
/** A host and a path (Domain Connect 2.2, 5.1). Anything may stand in a foreign TXT record, also a NUL, which jsonb does not take. */
const apiUrlPattern = /^(?=.{1,255}$)[a-z0-9.-]+(:\d{1,5})?(\/[\x21-\x7e]*)?$/i;

/** Where a domain's DNS is hosted, by asking from the root down, and what the name serves now. */
export class DetectDomain {
  constructor(
    private readonly walkFromRoot: WalkFromRoot,
    private readonly asker: NameServerAsker,
    private readonly providersFor: (nameServers: readonly string[]) => string[],
    private readonly clock: Clock,
  ) {}

  run(hostname: OwnerName, apex: OwnerName, stop: AbortSignal): Promise<Detection> {
    return withDeadline(stop, detectTimeoutMs, (signal) => this.look(hostname, apex, signal));
  }

  private async look(hostname: OwnerName, apex: OwnerName, signal: AbortSignal): Promise<Detection> {
    const walk = await this.walkFromRoot.walk(hostname, signal);
    const zone = zoneOf(walk);
    const isInsideApex = zone !== null && suffixesOf(zone.zone).includes(apex);
    const nameServers = isInsideApex ? zone.nameServers.map((server) => displayName(server.name)) : [];
    return {
      hostname, apex, zone_cut: isInsideApex ? zone.zone : null, name_servers: nameServers, providers: this.providersFor(nameServers),
      domain_connect: isInsideApex ? await this.domainConnect(zone, signal) : null,
      served: isInsideApex ? await this.served(hostname, zone, signal) : [],
      code: codeOf(walk.outcome, walk.chain.length, isInsideApex), as_of: this.clock.now().toISOString(),
    };
  }

  private async served(hostname: OwnerName, zone: Delegation, signal: AbortSignal): Promise<Detection['served']> {
    const answers = (await Promise.all(servedTypes.map((type) => this.askFirst(zone, { ownerName: hostname, type }, signal)))).flat();
    const sets = servedTypes.map((type) => answers.filter((record) => record.ownerName === hostname && record.type === type));
    return groupRecords(sets.filter(fitsIntoMessage).flat()).map(recordSetToWire);
  }

  /** `_domainconnect.<zone>` TXT names the provider's API (Domain Connect 2.2, 5.1); its settings are asked for only when a connection is set up that way. */
  private async domainConnect(zone: Delegation, signal: AbortSignal): Promise<Detection['domain_connect']> {
    const name = ownerName(`_domainconnect.${zone.zone}`);
    const records = (await this.askFirst(zone, { ownerName: name, type: 'TXT' }, signal)).filter((one) => one.type === 'TXT' && one.ownerName === name);
    const apiUrl = records.map((record) => txtText(record.value)).find((text) => apiUrlPattern.test(text));
    if (apiUrl === undefined) return null;
    const host = apiUrl.split('/')[0] ?? apiUrl;
    return { provider_id: host, provider_name: host, api_url: apiUrl };
  }

  private async askFirst(zone: Delegation, question: Question, signal: AbortSignal): Promise<AnswerRecord[]> {
    for (const address of zone.nameServers.flatMap((server) => server.addresses)) {
      const answer = await this.asker.ask(address, question, signal);
      if (answer.kind === 'answer' && answer.authoritative) return answer.answers;
    }
    return [];
  }
}

function fitsIntoMessage(set: readonly AnswerRecord[]): boolean {
  return set.length <= mostServed.values && set.reduce((sum, record) => sum + record.value.length, 0) <= mostServed.characters;
}

function codeOf(outcome: 'found' | 'no_such_domain' | 'unreachable', depth: number, isInsideApex: boolean): Detection['code'] {
  if (isInsideApex) return outcome === 'unreachable' ? 'unreachable' : 'found';
  if (outcome !== 'unreachable') return 'no_such_domain';
  return depth <= 1 ? 'our_side' : 'unreachable';
}
