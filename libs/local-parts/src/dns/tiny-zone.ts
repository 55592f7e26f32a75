import type { DnsRecord } from '@connect/dns-client';
import { ownerName, recordValue, sameValue, type OwnerName } from '@connect/domain';
import { isInside, type ZoneInput, type ZoneRecord, zoneText } from './zone-text.js';

export interface TinyAnswer {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  isAuthoritative: boolean;
  answers: DnsRecord[];
  authorities: DnsRecord[];
  additionals: DnsRecord[];
}

/** A zone in memory. Answers as RFC 1034 4.3.2 tells, with wildcards (RFC 4592), delegations with glue, and SOA for "nothing" (RFC 2308). */
export class TinyZone {
  readonly name: OwnerName;
  #records: DnsRecord[];

  constructor(input: ZoneInput, address: string) {
    this.name = ownerName(input.name);
    this.#records = parseZoneText(zoneText(input, address), this.name);
  }

  records(): readonly DnsRecord[] {
    return this.#records;
  }

  at(name: string, type?: string): DnsRecord[] {
    return this.#records.filter((record) => record.ownerName === name && (type === undefined || record.type === type));
  }

  /** Replaces the content in one step and raises the serial number. A record that is there twice is kept once, with the later TTL. */
  replace(records: readonly DnsRecord[]): void {
    const kept: DnsRecord[] = [];
    for (const record of records) {
      const twin = kept.findIndex((other) => other.ownerName === record.ownerName && other.type === record.type && sameValue(record.type, other.value, record.value));
      if (twin === -1) kept.push(record);
      else kept[twin] = record;
    }
    this.#records = kept.map((record) => (record.type === 'SOA' ? { ...record, value: nextSerial(record.value) } : record));
  }

  /** Does anything exist at the name or below it? A name without records of its own but with names below exists (RFC 8020). */
  exists(name: string): boolean {
    return this.#records.some((record) => isInside(record.ownerName, name));
  }

  /** The highest delegation on the way from the apex to `name`, without the apex itself. */
  cutAbove(name: string, type: string): DnsRecord[] {
    const below = namesDown(this.name, name);
    // DS lives at the parent's side of the cut (RFC 4035 3.1.4.1).
    const candidates = type === 'DS' ? below.filter((candidate) => candidate !== name) : below;
    return candidates.map((candidate) => this.at(candidate, 'NS')).find((servers) => servers.length > 0) ?? [];
  }

  soa(): DnsRecord[] {
    return this.at(this.name, 'SOA').map((record) => ({ ...record, ttlSeconds: Math.min(record.ttlSeconds, Number(record.value.split(' ')[6])) }));
  }

  /** What stands at the name: its own records, or those a wildcard makes for it. */
  found(name: OwnerName): DnsRecord[] | undefined {
    if (this.exists(name)) return this.at(name);
    const encloser = [...namesDown(this.name, name)].reverse().concat(this.name).find((candidate) => this.exists(candidate));
    const wildcard = encloser === undefined ? [] : this.at(encloser === '.' ? '*.' : `*.${encloser}`);
    return wildcard.length === 0 ? undefined : wildcard.map((record) => ({ ...record, ownerName: name }));
  }
}

/** Answers a question out of the zones of one server. */
export function answerFrom(zones: readonly TinyZone[], name: string, type: string): TinyAnswer {
  const result: TinyAnswer = { rcode: 'NOERROR', isAuthoritative: true, answers: [], authorities: [], additionals: [] };
  for (let asked = ownerName(name), hops = 0; hops < 16; hops += 1) {
    const zone = zoneFor(zones, asked, type);
    if (zone === undefined) return hops === 0 ? { ...result, rcode: 'REFUSED', isAuthoritative: false } : result;
    const cut = zone.cutAbove(asked, type);
    if (cut.length > 0) return referral(zone, cut, result, hops);
    const found = zone.found(asked);
    const wanted = (found ?? []).filter((record) => record.type === type || type === 'ANY');
    result.answers.push(...wanted);
    if (wanted.length > 0) return result;
    const alias = (found ?? []).find((record) => record.type === 'CNAME');
    if (alias === undefined) return { ...result, rcode: found === undefined ? 'NXDOMAIN' : 'NOERROR', authorities: zone.soa() };
    result.answers.push(alias);
    asked = ownerName(alias.value);
  }
  return result;
}

function referral(zone: TinyZone, cut: DnsRecord[], so: TinyAnswer, hops: number): TinyAnswer {
  const glue = cut.flatMap((server) => zone.at(server.value).filter((record) => record.type === 'A' || record.type === 'AAAA'));
  const signed = zone.at(cut[0]?.ownerName ?? '', 'DS');
  return { ...so, isAuthoritative: hops > 0, authorities: [...cut, ...signed], additionals: glue };
}

/** The deepest zone that holds the name; for DS the one above it, if it is here. */
export function zoneFor(zones: readonly TinyZone[], name: string, type: string): TinyZone | undefined {
  const holding = zones.filter((zone) => isInside(name, zone.name)).sort((a, b) => b.name.length - a.name.length);
  return type === 'DS' ? (holding.find((zone) => zone.name !== name) ?? holding[0]) : holding[0];
}

/** `namesDown('test.', 'a.b.test.')` is `['b.test.', 'a.b.test.']`. */
function namesDown(zone: string, name: string): string[] {
  const names: string[] = [];
  for (let at = name; at !== zone && at !== '.' && at !== ''; at = at.slice(at.indexOf('.') + 1)) names.unshift(at);
  return names;
}

function nextSerial(soa: string): string {
  const fields = soa.split(' ');
  fields[2] = `${(Number(fields[2]) + 1) % 2 ** 32}`;
  return fields.join(' ');
}

const types = /^(A|AAAA|CAA|CNAME|DNSKEY|DS|HTTPS|MX|NS|PTR|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT|TYPE\d+)$/i;

/**
 * Zone file text, one record a line: `$ORIGIN`, `$TTL`, relative names, comments, an empty name that repeats the one before.
 * Not: parentheses over several lines, `$INCLUDE`, `$GENERATE`.
 */
export function parseZoneText(text: string, zone: string): DnsRecord[] {
  const records: DnsRecord[] = [];
  let origin = zone;
  let defaultTtl = 5;
  let lastName = zone;
  for (const line of text.split('\n')) {
    const words = (line.match(/"(?:\\.|[^"\\])*"|;.*|[^\s";]+/g) ?? []).filter((word) => !word.startsWith(';'));
    if (words.length === 0) continue;
    if (words[0] === '$ORIGIN') origin = (words[1] as string).toLowerCase();
    else if (words[0] === '$TTL') defaultTtl = Number(words[1]);
    else {
      if (!/^\s/.test(line)) lastName = absolute(words.shift() as string, origin);
      const at = words.findIndex((word) => types.test(word));
      const type = (words[at] as string).toUpperCase();
      const ttl = words.slice(0, at).find((word) => /^\d+$/.test(word));
      records.push({ ownerName: ownerName(lastName), type, ttlSeconds: Number(ttl ?? defaultTtl), value: canonical(type, words.slice(at + 1), origin) });
    }
  }
  return records;
}

/** Which words of the data are names. */
const nameWords: Readonly<Record<string, readonly number[]>> = { NS: [0], CNAME: [0], PTR: [0], MX: [1], SRV: [3], SOA: [0, 1], HTTPS: [1], SVCB: [1] };

function canonical(type: string, words: string[], origin: string): string {
  const data = words.map((word, index) => (nameWords[type]?.includes(index) === true ? absolute(word, origin) : word)).join(' ');
  return recordValue(type, data);
}

function absolute(name: string, origin: string): string {
  if (name === '@') return origin;
  if (name.endsWith('.')) return name.toLowerCase();
  return origin === '.' ? `${name}.`.toLowerCase() : `${name}.${origin}`.toLowerCase();
}

/** Records as people write them, absolute, in our form. */
export function tinyRecord(record: ZoneRecord, zone: string): DnsRecord {
  return { ownerName: ownerName(absolute(record.name, zone)), type: record.type, ttlSeconds: record.ttlSeconds ?? 5, value: canonical(record.type, record.value.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [], zone) };
}
