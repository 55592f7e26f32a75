import { absoluteName, displayName, ownerName, recordValue, relativeName, txtText, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids; whether one value may stand there twice is not documented, so it may. */
export type NativeSets = RecordsBySet<string>;
/** Without the type, which cannot change. An empty name must be sent, too (vultr/govultr 120). */
export type RecordFields = { name: string; data: string; ttl: number; priority?: number };

export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: fromTheirName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: answer.id }));
  return setsOfRecords(records);
}

/** Names come relative, the apex as nothing. */
function fromTheirName(name: string, apex: OwnerName): OwnerName {
  return name === '@' ? apex : absoluteName(inAscii(name), apex);
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.data, () => recordValue(answer.type, presentationOf(answer)));
}

/** Host names come absolute, mostly without a final dot; an empty one is the root. TXT comes raw within one pair of quotes, CAA as it is presented. */
function presentationOf({ type, data, priority }: RecordAnswer): string {
  switch (type) {
    case 'CNAME':
    case 'NS':
      return inAscii(data);
    case 'MX':
      return `${priority} ${inAscii(data) || '.'}`;
    case 'SRV': {
      const [weight, port, target] = data.split(' ');
      return `${priority} ${weight} ${port} ${inAscii(target ?? '') || '.'}`;
    }
    case 'TXT':
      return txtValue(/^"(.*)"$/s.exec(data)?.[1] ?? data);
    default:
      return data;
  }
}

/** Host names go without their final dot. A backslash in TXT means itself; how long values are split is their business. */
export function toFields(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordFields {
  const body = { name: relativeName(set.ownerName, apex), ttl: ttlSeconds };
  const fields = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { ...body, priority: Number(fields[0]), data: displayName(ownerName(fields[1]!)) };
    case 'SRV':
      return { ...body, priority: Number(fields[0]), data: `${fields[1]} ${fields[2]} ${displayName(ownerName(fields[3]!))}` };
    case 'CNAME':
    case 'NS':
      return { ...body, data: displayName(ownerName(value)) };
    case 'TXT':
      return { ...body, data: `"${txtText(value)}"` };
    default:
      return { ...body, data: value };
  }
}

/** Names of IDN may come in Unicode (DNSControl turned both sides round before it compared them). */
export function inAscii(name: string): string {
  if (!/[^ -~]/.test(name)) return name;
  const url = `http://${name.replace(/\.$/, '')}`;
  return URL.canParse(url) ? new URL(url).hostname : name;
}
