import { randomBytes } from 'node:crypto';
import { isWithin, ownerName, valueKey, type Clock, type OwnerName, type RecordValue } from '@connect/domain';
import type { SeenAnswer } from '../check/propagation-check.js';
import type { AnswerRecord, NameServerAsker } from '../ports/name-server-asker.port.js';
import { askedType, type Delegation } from '../walk/delegation.js';
import type { Finding } from './finding.js';

/** A wildcard seldom comes or goes, and every name beside another one has the same. */
const maxAgeMs = 60_000;
const maxNeighbours = 5_000;

/**
 * Tells where a wildcard answers in a name's place, and where a name keeps its wildcard from answering (RFC 4592), by asking for labels that nobody can have set. A name that
 * exists covers all names below it, so what answers for the name, for a neighbour and for a name below it alike is a wildcard and no record at the name.
 */
export class WildcardProbe {
  private readonly neighbours = new Map<string, { records: AnswerRecord[]; until: number }>();

  constructor(private readonly asker: NameServerAsker, private readonly clock: Clock) {}

  /** One address for each record set and code is asked. */
  async run(seen: readonly SeenAnswer[], zones: readonly Delegation[], signal: AbortSignal): Promise<Finding[]> {
    const places = new Map(seen.filter(isWorthAsking).map((one) => [`${one.code} ${one.recordSet.ownerName} ${one.recordSet.type}`, one]));
    const findings = await Promise.all([...places.values()].map(async (one) => {
      const { ownerName: name, type } = one.recordSet;
      const parent = parentOf(name);
      if (parent === null || !hasRoomBelow(name) || !zones.some(({ zone }) => isWithin(parent, zone))) return null;
      const detail = one.code === 'missing_value' ? await this.hidesWildcard(one, parent, signal) : await this.isFromWildcard(one, parent, signal);
      return detail === null ? null : ({ code: 'wildcard_shadow', ownerName: name, type, detail, expectedBy: null } satisfies Finding);
    }));
    return firstOfEach(findings.filter((finding) => finding !== null));
  }

  private async isFromWildcard(one: SeenAnswer, parent: OwnerName, signal: AbortSignal): Promise<string | null> {
    const name = one.recordSet.ownerName;
    const here = recordsAt(one, name);
    const type = here[0]?.type;
    if (type === undefined) return null;
    const own = here.filter((record) => record.type === type);
    if (!isSame(own, await this.neighbour(one.address, parent, type, signal))) return null;
    if (!isSame(own, await this.ask(one.address, below(name), type, signal))) return null;
    return `there is no record at ${name}: ${own.map((record) => `${record.type} ${record.value}`).join(', ')} comes from a wildcard above it`;
  }

  private async hidesWildcard(one: SeenAnswer, parent: OwnerName, signal: AbortSignal): Promise<string | null> {
    const { ownerName: name, type } = one.recordSet;
    if (recordsAt(one, name).length > 0) return null;
    const records = await this.neighbour(one.address, parent, askedType(one.recordSet), signal);
    if (records.length === 0) return null;
    return `${name} exists without ${type}, if only by a name below it, so the wildcard that gives its neighbours ${records.map((record) => `${record.type} ${record.value}`).join(', ')} does not cover it`;
  }

  private async neighbour(address: string, parent: OwnerName, type: string, signal: AbortSignal): Promise<AnswerRecord[]> {
    const key = `${address} ${parent} ${type}`;
    const known = this.neighbours.get(key);
    const nowMs = this.clock.monotonicMs();
    if (known !== undefined && known.until > nowMs) return known.records;
    const records = await this.ask(address, below(parent), type, signal);
    this.neighbours.delete(key);
    this.neighbours.set(key, { records, until: nowMs + maxAgeMs });
    if (this.neighbours.size > maxNeighbours) this.neighbours.delete(this.neighbours.keys().next().value ?? key);
    return records;
  }

  private async ask(address: string, name: OwnerName, type: string, signal: AbortSignal): Promise<AnswerRecord[]> {
    const answer = await this.asker.ask(address, { ownerName: name, type }, signal);
    return answer.kind === 'answer' && answer.authoritative ? answer.answers.filter((record) => record.ownerName === name) : [];
  }
}

function isWorthAsking({ code, recordSet }: SeenAnswer): boolean {
  return (code === 'expected_value' || code === 'flattened_equivalent' || code === 'conflicting_value' || code === 'missing_value') && !recordSet.ownerName.startsWith('*.');
}

function recordsAt({ answer, served }: SeenAnswer, name: OwnerName): AnswerRecord[] {
  return answer.kind === 'answer' ? [...answer.answers, ...served].filter((record) => record.ownerName === name) : [];
}

function isSame(own: readonly AnswerRecord[], others: readonly AnswerRecord[]): boolean {
  const keys = (records: readonly AnswerRecord[]): RecordValue[] => records.map((record) => `${record.type} ${valueKey(record.type, record.value)}`).sort();
  const [one, other] = [keys(own), keys(others)];
  return one.length > 0 && one.length === other.length && one.every((key, at) => key === other[at]);
}

const probeOctets = 'probe-000000000000.'.length;

/** A name may be so long that nothing fits below it (RFC 1035 2.3.4). */
function hasRoomBelow(name: OwnerName): boolean {
  return name.length + probeOctets <= 254;
}

/** A name that nobody has set. */
function below(name: OwnerName): OwnerName {
  return ownerName(`probe-${randomBytes(6).toString('hex')}.${name}`);
}

function parentOf(name: OwnerName): OwnerName | null {
  const parent = name.slice(name.indexOf('.') + 1);
  return parent === '' ? null : ownerName(parent);
}

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, at) => findings.findIndex((other) => other.ownerName === finding.ownerName && other.type === finding.type) === at);
}
