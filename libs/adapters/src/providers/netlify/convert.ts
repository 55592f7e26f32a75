import { displayName, ownerName, recordValue, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids; whether one value may stand there twice is not documented, so it may. */
export type NativeSets = RecordsBySet<string>;
export type RecordBody = { type: RecordType; hostname: string; value: string; ttl: number; priority?: number; weight?: number; port?: number; flag?: number; tag?: string };

/** The TTL of a record that was made without one. */
const defaultTtlSeconds = 3_600;
/** They answer A and AAAA for a site, and their `managed` was not always set (DNSControl/dnscontrol 1820). */
const siteTypes: readonly RecordType[] = ['NETLIFY', 'NETLIFYv6'];

export function toRecordSets(answers: readonly RecordAnswer[]): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: ownerName(answer.hostname), type: answer.type, ttlSeconds: answer.ttl ?? defaultTtlSeconds, value: fromTheirs(answer), native: answer.id, ...(isManaged(answer) ? { marks: { untouchable: 'managed_record' } } : {}) }));
  return setsOfRecords(records);
}

/** The set by which a site answers for A and AAAA at this name; `null`: none does. */
export function siteRecordAt(name: OwnerName, recordSets: readonly RecordSet[]): RecordSet | null {
  return recordSets.find((set) => set.ownerName === name && siteTypes.includes(set.type)) ?? null;
}

function isManaged({ type, managed }: RecordAnswer): boolean {
  return managed === true || siteTypes.includes(type);
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.value, () => recordValue(answer.type, presentationOf(answer)));
}

/** Host names come absolute without a final dot, TXT raw and joined. What is 0 may come as null. */
function presentationOf({ type, value, priority, weight, port, flag, tag }: RecordAnswer): string {
  switch (type) {
    case 'MX':
      return `${priority ?? 0} ${value}`;
    case 'SRV':
      // DNSControl met values that hold weight and port again, before the target.
      return value.includes(' ') ? `${priority ?? 0} ${value}` : `${priority ?? 0} ${weight ?? 0} ${port ?? 0} ${value}`;
    case 'CAA':
      return `${flag ?? 0} ${tag} "${value.replaceAll(/["\\]/g, '\\$&')}"`;
    case 'TXT':
    case 'SPF':
      return txtValue(value);
    default:
      return value;
  }
}

/** `hostname` is always sent, and absolute: without it they answer with 500 (netlify/js-client 107). Targets go without their final dot. */
export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number): RecordBody {
  const body = { type: set.type, hostname: displayName(set.ownerName), ttl: ttlSeconds };
  const fields = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { ...body, priority: Number(fields[0]), value: displayName(ownerName(fields[1]!)) };
    case 'SRV':
      return { ...body, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), value: displayName(ownerName(fields[3]!)) };
    case 'CAA': {
      const [flag, tag, ...rest] = fields;
      return { ...body, flag: Number(flag), tag: tag!, value: txtBytes(rest.join(' ')).toString('utf8') };
    }
    case 'TXT':
      return { ...body, value: txtBytes(value).toString('utf8') };
    case 'ALIAS':
    case 'CNAME':
    case 'NS':
      return { ...body, value: displayName(ownerName(value)) };
    default:
      return { ...body, value };
  }
}
