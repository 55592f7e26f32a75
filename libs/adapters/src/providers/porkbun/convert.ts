import { ownerName, recordValue, relativeName, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** `notes` are the customer's remarks on a record: an update gives them back. */
export type NativeId = { id: string; notes: string | null };
export type NativeSets = RecordsBySet<NativeId>;
export type RecordBody = { type: RecordType; name: string; content: string; ttl: string; prio?: string; notes?: string };

export function toRecordSets(answers: readonly RecordAnswer[]): { recordSets: RecordSet[]; native: NativeSets } {
  // Names are read fully qualified, and written relative.
  const records = answers.map((answer) => ({ ownerName: ownerName(answer.name), type: answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: { id: answer.id, notes: answer.notes ?? null } }));
  return setsOfRecords(records);
}

function fromTheirs({ type, content, prio }: RecordAnswer): RecordValue {
  return readOrKept(content, () => {
    if (type === 'TXT') return txtValue(content);
    return recordValue(type, type === 'MX' || type === 'SRV' ? `${prio} ${content}` : content);
  });
}

/** Everything goes again in an update: without `name` the record would move to the apex. Numbers are strings in their examples. */
export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName, notes: string | null = null): RecordBody {
  const body = { type: set.type, name: relativeName(set.ownerName, apex), ttl: String(ttlSeconds), ...(notes === null ? {} : { notes }) };
  switch (set.type) {
    case 'MX':
    case 'SRV': {
      const [prio, ...rest] = value.split(' ');
      return { ...body, prio: prio!, content: withoutDot(rest.join(' ')) };
    }
    case 'ALIAS':
    case 'CNAME':
    case 'NS':
      return { ...body, content: withoutDot(value) };
    case 'TXT':
      return { ...body, content: txtBytes(value).toString('utf8') };
    default:
      return { ...body, content: value };
  }
}

function withoutDot(host: string): string {
  return host.replace(/\.$/, '');
}

/** `pixie` serves the parking page, `uixie` and others serve URL forwards. */
export function isPorkbunHost(target: RecordValue): boolean {
  return /^[a-z0-9-]+\.porkbun\.com\.$/.test(target);
}
