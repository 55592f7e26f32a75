import { displayName, ownerName, suffixesOf, type Clock, type OwnerName, type RecordSet, groupRecords, txtText } from '@connect/domain';
import { recordSetToWire, type Detection } from '@connect/contracts';
import type { AnswerRecord, NameServerAsker, Question } from '../ports/name-server-asker.port.js';
import { zoneOf, type Delegation } from '../walk/delegation.js';
import type { WalkFromRoot } from '../walk/walk-from-root.js';
import { withDeadline } from '../with-deadline.js';

const servedTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'CAA'] as const;
const detectTimeoutMs = 10_000;

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
    const answers = await Promise.all(servedTypes.map((type) => this.askFirst(zone, { ownerName: hostname, type }, signal)));
    const sets: RecordSet[] = groupRecords(answers.flat().filter((record) => record.ownerName === hostname && (servedTypes as readonly string[]).includes(record.type)));
    return sets.map(recordSetToWire);
  }

  /** `_domainconnect.<zone>` TXT names the provider's API (Domain Connect 2.2, 5.1); its settings are asked for only when a connection is set up that way. */
  private async domainConnect(zone: Delegation, signal: AbortSignal): Promise<Detection['domain_connect']> {
    const name = ownerName(`_domainconnect.${zone.zone}`);
    const record = (await this.askFirst(zone, { ownerName: name, type: 'TXT' }, signal)).find((one) => one.type === 'TXT' && one.ownerName === name);
    if (record === undefined) return null;
    const apiUrl = txtText(record.value);
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

function codeOf(outcome: 'found' | 'no_such_domain' | 'unreachable', depth: number, isInsideApex: boolean): Detection['code'] {
  if (isInsideApex) return outcome === 'unreachable' ? 'unreachable' : 'found';
  if (outcome !== 'unreachable') return 'no_such_domain';
  return depth <= 1 ? 'our_side' : 'unreachable';
}
