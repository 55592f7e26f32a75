import { randomBytes } from 'node:crypto';
import { ProviderError, displayName, isWithin, ownerName, type Change, type OwnerName, type RecordSet } from '@connect/domain';
import { credentialFinding, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, DnsRecord, ProviderAdapter, ProviderPorts, QueryAnswer, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { Rfc2136Client } from './client.js';
import { toRecordSets, toUpdate } from './convert.js';
import type { Rfc2136Credential } from './credential.js';
import { errorOf } from './errors.js';

/** All sets that were read, also those of names that nobody asked for: what may stand in the way of a CNAME. */
type Native = { sets: RecordSet[] };

/** A zone at a server that takes DNS UPDATE (RFC 2136), signed with TSIG (RFC 8945), read by AXFR (RFC 5936). */
export class Rfc2136Adapter implements ProviderAdapter<Native> {
  private readonly client: Rfc2136Client;

  constructor(credential: Rfc2136Credential, ports: ProviderPorts) {
    this.client = new Rfc2136Client(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      return zone === null ? await this.checkKey(signal) : await this.checkZone(ownerName(zone), signal);
    });
  }

  /** The server says in which zone a name is: SOA of the name itself, or of its zone in the authority section. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const name = search.zone === null ? withoutWildcard(search.hostname) : ownerName(search.zone);
    const apex = zoneOf(await this.client.soa(name, signal), name);
    const fits = search.zone === null ? isWithin(apex, search.apex) : apex === name && isWithin(search.hostname, apex);
    if (!fits) throw new ProviderError('zone_not_found', { detail: `the server has no zone for ${displayName(search.hostname)}` });
    return { id: apex, apex };
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>> {
    const transferred = names === 'all' ? await this.client.transfer(zone.apex, signal) : await this.transferOrNothing(zone.apex, signal);
    if (transferred === null && names === 'all') throw new ProviderError('missing_permission', { detail: 'the key may not transfer the zone (AXFR), so it cannot be listed' });
    const records = transferred ?? [];
    if (transferred === null) {
      // One name after the other: each takes many questions at once, and servers take about 150 connections (BIND's tcp-clients).
      for (const name of names as readonly OwnerName[]) records.push(...(await this.client.name(zone.apex, name, signal)));
    }
    const sets = toRecordSets(records);
    return zoneReading(names, sets, { sets }, { whole: transferred !== null });
  }

  /** A zone that is too large for a transfer, or whose transfer cannot be understood, can still be asked for single names. */
  private transferOrNothing(apex: OwnerName, signal: AbortSignal): Promise<DnsRecord[] | null> {
    return this.client.transfer(apex, signal).catch((error: unknown) => {
      if (error instanceof ProviderError && error.code === 'provider_protocol') return null;
      throw error;
    });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const { prerequisites, operations } = toUpdate(changes, reading.native.sets);
    const refusal = errorOf(await this.client.update(zone.apex, prerequisites, operations, signal), { keyIsKnownGood: true });
    if (refusal !== null) throw refusal;
    return Promise.all(changes.map((change) => this.settle(change, reading.native.sets, signal)));
  }

  /**
   * NOERROR is not always "done": a CNAME beside data is dropped silently by BIND and Knot. Prerequisites exclude the types we know; where a
   * CNAME took the place of others, a type that we do not know may have been left, so the name is asked for.
   */
  private async settle(change: Change, before: readonly RecordSet[], signal: AbortSignal): Promise<ChangeOutcome> {
    const applied: ChangeOutcome = { change, status: 'applied', code: null, detail: null };
    const replacesOthers = change.type === 'CNAME' && change.after !== null && before.some((set) => set.ownerName === change.ownerName && set.type !== 'CNAME');
    if (!replacesOthers) return applied;
    const answer = await this.client.query(change.ownerName, 'CNAME', signal).catch((error: unknown) => {
      if (error instanceof ProviderError) return null;
      throw error;
    });
    if (answer === null) return { change, status: 'unknown', code: 'outcome_unknown', detail: 'the server did not say whether the CNAME took its place' };
    if (answer.answers.some((record) => record.type === 'CNAME' && record.ownerName === change.ownerName)) return applied;
    return { change, status: 'refused', code: 'record_conflict', detail: 'another record at the name kept the CNAME out' };
  }

  /**
   * Without a zone only the key can be looked at, and only at servers which sign even a refusal (BIND). Knot refuses a question for a zone that it
   * does not have before it looks at the key: then nothing is known against the key, and nothing for it.
   */
  private async checkKey(signal: AbortSignal): Promise<CredentialFinding> {
    const answer = await this.client.soa(ownerName('.'), signal);
    if (answer.signed) return finding([], ['read_records'], null);
    if (saysNothingOfTheKey(answer)) return finding([], [], 'this server shows whether the key is right only for a zone that it has: check with the zone');
    throw keyRefusal(answer);
  }

  /** Changes nothing: the update rests on a name that surely does not exist, and is judged by the server's policy all the same. */
  private async checkZone(zone: OwnerName, signal: AbortSignal): Promise<CredentialFinding> {
    const apex = zoneOf(await this.client.soa(zone, signal), zone);
    if (apex !== zone) throw new ProviderError('zone_not_found', { detail: `the server has no zone ${displayName(zone)}` });
    const probe = ownerName(`_probe-${randomBytes(8).toString('hex')}.${zone}`);
    const answer = await this.client.update(zone, [{ kind: 'name_in_use', ownerName: probe }], [{ kind: 'add', ownerName: probe, type: 'TXT', ttlSeconds: 60, value: '"probe"' }], signal);
    const zones = [{ id: apex, apex }];
    if (answer.rcode === 'NXDOMAIN' && answer.signed) return finding(zones, ['read_records', 'write_records'], null);
    const refusal = errorOf(answer, { keyIsKnownGood: true });
    if (refusal !== null && refusal.code !== 'missing_permission') throw refusal;
    return finding(zones, ['read_records'], 'the key is right, but may not write a TXT record below the zone; a policy for single names is shown only by a real change');
  }
}

function finding(zones: Zone[], may: CredentialFinding['may'], detail: string | null): CredentialFinding {
  return { valid: true, code: null, detail, zones, zonesComplete: false, may, widerThanNeeded: null, expiresAt: null };
}

/** Throws where the answer does not prove key and zone. */
function zoneOf(answer: QueryAnswer, name: OwnerName): OwnerName {
  const notHere = (): ProviderError => new ProviderError('zone_not_found', { detail: `the server is not the one that answers for ${displayName(name)}` });
  if (saysNothingOfTheKey(answer) || (answer.signed && answer.tsigError === null && ['REFUSED', 'NOTAUTH'].includes(answer.rcode))) throw notHere();
  if (!answer.signed || !['NOERROR', 'NXDOMAIN'].includes(answer.rcode)) throw keyRefusal(answer);
  const soa = [...answer.answers, ...answer.authorities].find((record) => record.type === 'SOA' && isWithin(name, record.ownerName));
  if (soa === undefined || !answer.authoritative) throw notHere();
  return soa.ownerName;
}

/** A wrong key is told as such (BADSIG, BADKEY, or NOTAUTH by PowerDNS); a bare REFUSED to a question is about the zone. */
function saysNothingOfTheKey({ rcode, tsigError, signed }: QueryAnswer): boolean {
  return rcode === 'REFUSED' && tsigError === null && !signed;
}

/** PowerDNS answers a question with a wrong key by an unsigned NOTAUTH, or as if there was no key. */
function keyRefusal(answer: QueryAnswer): ProviderError {
  const refusal = errorOf(answer, { keyIsKnownGood: false });
  const isAboutKey = refusal === null || refusal.code === 'outcome_unknown' || refusal.code === 'zone_not_writable';
  return isAboutKey ? new ProviderError('rejected_credential', { detail: 'the server does not sign its answers with this key' }) : refusal;
}

function withoutWildcard(name: OwnerName): OwnerName {
  return name.startsWith('*.') ? ownerName(name.slice(2)) : name;
}
