import { absoluteName, displayName, labelsOf, ownerName, quoted, recordValue, relativeName, txtBytes, txtValue, type OwnerName, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

export type RecordBody = { type: RecordType; name: string; data: string; ttl: number; priority?: number; weight?: number; port?: number; service?: string; protocol?: string; flag?: number; tag?: string };
/** In a replacement the address of the call says type and name. */
export type SetRecordBody = Omit<RecordBody, 'type' | 'name'>;
/** How a host name ends: v3 shows a final dot, v1 has none; both were seen to take either. */
export type Targets = 'with_dot' | 'without_dot';

export type FoundRecord = { ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue };

/** A parked domain has "Parked" in place of an address. */
export function toRecord(answer: RecordAnswer, apex: OwnerName): FoundRecord {
  const value = readOrKept(answer.data, () => recordValue(answer.type, presentationOf(answer, apex)));
  return { ownerName: ownerOf(answer, apex), type: answer.type, ttlSeconds: answer.ttl, value };
}

/** The name of an SRV record is without its service and protocol, which stand in fields of their own; that a name holds them as well is not ruled out. */
function ownerOf({ type, name, service, protocol }: RecordAnswer, apex: OwnerName): OwnerName {
  const owner = name === '@' || name === '' ? apex : absoluteName(name, apex);
  if (type !== 'SRV' || typeof service !== 'string' || typeof protocol !== 'string' || service === '' || protocol === '') return owner;
  const before = ownerName(`${underscored(service)}.${underscored(protocol)}.`);
  return owner.startsWith(before) ? owner : ownerName(`${before}${owner}`);
}

function underscored(label: string): string {
  return label.startsWith('_') ? label : `_${label}`;
}

function presentationOf({ type, data, priority, weight, port, flag, tag }: RecordAnswer, apex: OwnerName): string {
  const target = data === '@' ? apex : data;
  switch (type) {
    case 'CNAME':
    case 'ALIAS':
    case 'NS':
      return target;
    case 'MX':
      return `${priority ?? 0} ${target}`;
    case 'SRV':
      return `${priority ?? 0} ${weight ?? 0} ${port ?? 0} ${target}`;
    case 'CAA':
      // Without a tag it stands in the data as in a zone file.
      return typeof tag === 'string' ? `${flag ?? 0} ${tag} ${isQuoted(data) ? data : quoted(Buffer.from(data, 'utf8'))}` : data;
    case 'TXT':
      // Raw and joined; in quotes only if their servers give them back as they publish them.
      return isQuoted(data) ? data : txtValue(data);
    default:
      return data;
  }
}

function isQuoted(data: string): boolean {
  return data.length > 1 && data.startsWith('"') && data.endsWith('"');
}

export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName, targets: Targets): RecordBody {
  const body = { type: set.type, name: theirName(set, apex), ttl: ttlSeconds };
  const fields = value.split(' ');
  const target = (text: string): string => (targets === 'with_dot' ? ownerName(text) : displayName(ownerName(text)));
  switch (set.type) {
    case 'CNAME':
      return { ...body, data: target(value) };
    case 'MX':
      return { ...body, priority: Number(fields[0]), data: target(fields[1]!) };
    case 'SRV': {
      const [service, protocol] = labelsOf(set.ownerName);
      return { ...body, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), service: service!, protocol: protocol!, data: target(fields[3]!) };
    }
    case 'CAA': {
      const [flag, tag, ...rest] = fields;
      return { ...body, flag: Number(flag), tag: tag!, data: txtBytes(rest.join(' ')).toString('utf8') };
    }
    case 'TXT':
      return { ...body, data: txtBytes(value).toString('utf8') };
    default:
      return { ...body, data: value };
  }
}

/** Relative, and "@" for the apex; that of an SRV record without service and protocol. */
export function theirName({ ownerName: owner, type }: { ownerName: OwnerName; type: RecordType }, apex: OwnerName): string {
  const name = type === 'SRV' ? ownerName(`${labelsOf(owner).slice(2).join('.')}.`) : owner;
  return relativeName(name, apex) || '@';
}

/** What a record is told apart by: name, type and data, and neither priority nor TTL. */
export function identityOf({ type, name, data }: Pick<RecordAnswer, 'type' | 'name' | 'data'>): string {
  return `${type} ${name.toLowerCase() || '@'} ${type === 'TXT' || type === 'CAA' ? data : data.toLowerCase().replace(/\.$/, '')}`;
}
