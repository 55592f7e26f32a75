import { ProviderError, recordSetKey, recordValue, sameValue, valuesOf, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordType, type RecordValue } from '@connect/domain';
import { escapeXml, readOrKept } from '../../base/index.js';
import { fromTheirName, fromTheirStrings, toTheirName, toTheirStrings } from './names.js';
import type { ResourceRecordSet } from './schema.js';

/** A set as they wrote it: DELETE must name exactly this, and values that stay are said again in the same words. */
export type NativeSet = { name: string; ttlSeconds: number; contents: [RecordValue, string][] };
export type NativeSets = Map<RecordSetKey, NativeSet>;

/** Several of their sets may have one name and type (routing policies): they are one untouchable set to us. */
export function toRecordSets(answers: readonly ResourceRecordSet[]): { recordSets: RecordSet[]; native: NativeSets } {
  const recordSets = new Map<RecordSetKey, RecordSet>();
  const native: NativeSets = new Map();
  for (const answer of answers) {
    const ownerName = fromTheirName(answer.Name);
    const key = recordSetKey({ ownerName, type: answer.Type });
    const contents = (answer.ResourceRecords ?? []).map((raw): [RecordValue, string] => [fromTheirValue(answer.Type, raw), raw]);
    const values = answer.AliasTarget === undefined ? contents.map(([value]) => value) : [`ALIAS ${fromTheirName(answer.AliasTarget.DNSName)}`];
    const other = recordSets.get(key);
    const untouchable = beyondValues(answer) ?? (other === undefined ? null : 'routing_policy');
    const ttlSeconds = Math.min(answer.TTL ?? 0, other?.ttlSeconds ?? Number.MAX_SAFE_INTEGER);
    recordSets.set(key, { ownerName, type: answer.Type, ttlSeconds, values: [...new Set([...(other?.values ?? []), ...values])], ...(untouchable === null ? {} : { untouchable }) });
    if (untouchable === null) native.set(key, { name: answer.Name, ttlSeconds: answer.TTL ?? 0, contents });
    else native.delete(key);
  }
  return { recordSets: [...recordSets.values()], native };
}

/** What a write by value would destroy, in one word; `null`: a plain set. */
function beyondValues(answer: ResourceRecordSet): string | null {
  if (answer.TrafficPolicyInstanceId) return 'traffic_policy';
  if (answer.SetIdentifier || answer.Weight || answer.Region || answer.GeoLocation || answer.Failover || answer.MultiValueAnswer || answer.CidrRoutingConfig || answer.GeoProximityLocation) return 'routing_policy';
  if (answer.HealthCheckId) return 'health_check';
  if (answer.AliasTarget !== undefined) return 'alias';
  return answer.TTL === undefined || answer.ResourceRecords === undefined ? 'unknown_kind' : null;
}

function fromTheirValue(type: RecordType, raw: string): RecordValue {
  return readOrKept(raw, () => recordValue(type, withParts(type, raw, fromTheirName, fromTheirStrings)));
}

export function toTheirValue(type: RecordType, value: RecordValue): string {
  return withParts(type, value, (name) => toTheirName(name as OwnerName), toTheirStrings);
}

/** The names and character strings inside the data, each turned by its own function. */
function withParts(type: RecordType, text: string, name: (text: string) => string, strings: (text: string) => string): string {
  switch (type) {
    case 'TXT':
    case 'SPF':
      return strings(text);
    case 'CAA':
      return text.replace(/^(\s*\S+\s+\S+\s+)([^]*)$/, (_, head: string, value: string) => `${head}${strings(value)}`);
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'MX':
    case 'SRV':
      return text.replace(/\S+(?=\s*$)/, (target) => (target === '.' ? target : name(target)));
    default:
      return text;
  }
}

export type BatchItem = { action: 'DELETE' | 'CREATE'; name: string; type: RecordType; ttlSeconds: number; values: string[] };
export type Batch = { changes: Change[]; items: BatchItem[] };

/** What one batch may hold. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html, verified 2026-11. */
const maxBatch = { records: 1_000, characters: 32_000 };

/**
 * Compare-and-swap: DELETE of exactly what was read and CREATE of what shall be; CREATE fails where a set exists. What is at one name stays in one
 * batch, deletes first, so that a CNAME and an address may change places. Throws `zone_changed`, `record_invalid`.
 */
export function toBatches(changes: readonly Change[], native: NativeSets): Batch[] {
  const batches: Batch[] = [];
  for (const name of new Set(changes.map(({ ownerName }) => ownerName))) {
    const atName = changes.filter(({ ownerName }) => ownerName === name);
    const items = atName.flatMap((change) => itemsOf(change, native));
    if (!fits(items)) throw new ProviderError('record_invalid', { detail: `the record sets at ${name} are larger than one change batch` });
    const last = batches.at(-1);
    if (last === undefined || !fits([...last.items, ...items])) batches.push({ changes: atName, items });
    else batches[batches.length - 1] = { changes: [...last.changes, ...atName], items: [...last.items, ...items] };
  }
  return batches.map(({ changes: ofBatch, items }) => ({ changes: ofBatch, items: [...items].sort((a, b) => Number(a.action === 'CREATE') - Number(b.action === 'CREATE')) }));
}

function itemsOf(change: Change, native: NativeSets): BatchItem[] {
  const { ownerName, type, before, after } = change;
  const present = native.get(recordSetKey(change));
  if (before !== null && present === undefined) throw new ProviderError('zone_changed', { detail: `the ${type} set at ${ownerName} was not read as a plain one` });
  const kept = before === null || after === null ? [] : present!.contents.filter(([value]) => after.values.some((other) => sameValue(type, value, other))).map(([, raw]) => raw);
  return [
    ...(before === null ? [] : [{ action: 'DELETE' as const, name: present!.name, type, ttlSeconds: present!.ttlSeconds, values: present!.contents.map(([, raw]) => raw) }]),
    ...(after === null ? [] : [{ action: 'CREATE' as const, name: toTheirName(ownerName), type, ttlSeconds: after.ttlSeconds, values: [...kept, ...valuesOf(change).added.map((value) => toTheirValue(type, value))] }]),
  ];
}

function fits(items: readonly BatchItem[]): boolean {
  const values = items.flatMap((item) => item.values);
  return values.length <= maxBatch.records && values.reduce((length, value) => length + value.length, 0) <= maxBatch.characters;
}

/** The order of the elements is checked by their schema. */
export function batchXml(items: readonly BatchItem[]): string {
  const changes = items.map(({ action, name, type, ttlSeconds, values }) => {
    const records = values.map((value) => `<ResourceRecord><Value>${escapeXml(value)}</Value></ResourceRecord>`).join('');
    return `<Change><Action>${action}</Action><ResourceRecordSet><Name>${escapeXml(name)}</Name><Type>${type}</Type><TTL>${ttlSeconds}</TTL><ResourceRecords>${records}</ResourceRecords></ResourceRecordSet></Change>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${changes.join('')}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
}
