import { absoluteName, displayName, ownerName, recordValue, relativeName, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

export type NativeSets = RecordsBySet<number>;
/** An update overwrites everything: what is left out is lost. */
export type RecordBody = { type: RecordType; host: string; answer: string; ttl: number; priority?: number };

export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: fromTheirHost(answer.host, apex), type: answer.type === 'ANAME' ? 'ALIAS' : answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: answer.id }));
  return setsOfRecords(records);
}

/** Names come relative; the apex as nothing, missing, or as it may be written. */
function fromTheirHost(host: string | null | undefined, apex: OwnerName): OwnerName {
  return host === '@' || host === null || host === undefined ? apex : absoluteName(host, apex);
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.answer, () => recordValue(answer.type === 'ANAME' ? 'ALIAS' : answer.type, presentationOf(answer)));
}

/** Host names come absolute without a final dot, TXT raw and joined. */
function presentationOf({ type, answer, priority }: RecordAnswer): string {
  if (type === 'TXT') return txtValue(answer);
  return type === 'MX' || type === 'SRV' ? `${priority ?? 0} ${answer}` : answer;
}

/** Host names go without their final dot. An ALIAS is their ANAME. */
export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordBody {
  const body = { type: set.type === 'ALIAS' ? 'ANAME' : set.type, host: relativeName(set.ownerName, apex), ttl: ttlSeconds };
  const [priority, ...rest] = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { ...body, priority: Number(priority), answer: withoutDot(rest[0]!) };
    case 'SRV':
      return { ...body, priority: Number(priority), answer: `${rest[0]} ${rest[1]} ${withoutDot(rest[2]!)}` };
    case 'TXT':
      return { ...body, answer: txtBytes(value).toString('utf8') };
    case 'ALIAS':
    case 'CNAME':
    case 'NS':
      return { ...body, answer: withoutDot(value) };
    default:
      return { ...body, answer: value };
  }
}

function withoutDot(host: string): string {
  return displayName(ownerName(host));
}
