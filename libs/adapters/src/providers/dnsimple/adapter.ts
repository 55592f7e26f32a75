import { ProviderError, displayName, isConnectError, ownerName, recordSetKey, relativeName, sameValue, type Change, type OwnerName, type RecordValue } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, findZoneByName, recordOperations, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { DnsimpleClient, type Place } from './client.js';
import { toFields, toRecordSets, type NativeSets } from './convert.js';
import type { Identity, RecordAnswer, ZoneAnswer } from './schema.js';

/** Up to so many names are asked for one by one; beyond, pages of 100 records are fewer calls. */
const fewNames = 3;
const everyAccount = 'A user token opens every account of the person: make a token of the account that holds the zone.';
const everyRight = 'On the plan Solo a token has all rights of the account; narrower ones come with the plan Teams.';
const everyZone = 'This token opens other zones, too: restrict it to "zones, full access" of the one zone (plan Teams and up).';

/** DNSimple, API v2. */
export class DnsimpleAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: DnsimpleClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new DnsimpleClient(token, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const identity = await this.client.whoami(signal);
      const accounts = await this.accountsOf(identity, signal);
      const { zones: found, complete } = zone === null ? await this.zonesOf(accounts, signal) : { zones: [await this.zoneNamed(zone, accounts, signal)], complete: false };
      const first = found.find(({ secondary }) => secondary !== true);
      const mayWrite = first !== undefined && (await this.mayWrite(first, signal));
      return {
        code: first !== undefined && !mayWrite ? 'missing_permission' : null, detail: detailOf(zone === null ? [] : found, first !== undefined && !mayWrite),
        zones: found.map(toZone), zonesComplete: complete,
        may: ['list_zones', 'read_records', ...(mayWrite ? (['write_records'] as const) : [])],
        widerThanNeeded: widerThanNeeded(identity, zone === null ? found.length : await this.shownTo(identity, signal)),
      };
    }, ['zone_not_found', 'zone_ambiguous', 'zone_not_writable', 'missing_permission', 'account_not_eligible']);
  }

  /** Each path begins with the account, so the id of a zone names it: `1010/example.com`. Sub-domains can be zones of their own: the longest wins. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const named = search.zone === null ? null : partsOf(search.zone);
    const accounts = named?.account === undefined ? await this.accountsOf(await this.client.whoami(signal), signal) : [named.account];
    return findZoneByName({ ...search, zone: named?.name ?? null }, async (name) => {
      const found = await this.zoneIn(accounts, name, signal);
      return found === null ? null : toZone(found);
    });
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const place = placeOf(zone);
    const answers: RecordAnswer[] = [];
    // The apex has no name to filter by.
    const isWhole = names === 'all' || names.length > fewNames || names.includes(place.apex);
    for (const name of isWhole ? [null] : new Set(names)) answers.push(...(await this.client.records(place, name, signal)));
    const { recordSets, native } = toRecordSets(answers, place.apex);
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const place = placeOf(zone);
    return applyOneByOne(changes, async (change) => {
      const { ownerName: owner, type } = change;
      await carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create: async (value, ttl) => {
          const isNew = await this.client.create(place, { name: relativeName(owner, place.apex), type, ttl, ...toFields(type, value) }, signal);
          if (!isNew) await this.confirm(place, change, value, ttl, signal);
        },
        // A value that stays is not sent again: it stays as it was written, to the letter.
        update: (record, value, ttl) => this.client.update(place, record.native, { ttl, ...(value === record.value ? {} : toFields(type, value)) }, signal),
        delete: (record) => this.client.delete(place, record.native, signal),
      });
    }, signal);
  }

  /** They say that a record is there already. If it is the very one, all is well; else nothing would get better by trying again. */
  private async confirm(place: Place, { ownerName: owner, type }: Change, value: RecordValue, ttlSeconds: number, signal: AbortSignal): Promise<void> {
    const { native } = toRecordSets(await this.client.records(place, owner, signal), place.apex);
    const same = (native.get(recordSetKey({ ownerName: owner, type })) ?? []).find((record) => sameValue(type, record.value, value));
    if (same === undefined) throw new ProviderError('record_conflict', { detail: 'DNSimple takes another record of the name for the same one' });
    if (same.ttlSeconds !== ttlSeconds) throw new ProviderError('zone_changed', { detail: 'somebody else has made the same record with another TTL' });
  }

  private async accountsOf({ account }: Identity, signal: AbortSignal): Promise<string[]> {
    return account === null ? (await this.client.accounts(signal)).map(({ id }) => String(id)) : [String(account.id)];
  }

  private async zonesOf(accounts: readonly string[], signal: AbortSignal): Promise<{ zones: ZoneAnswer[]; complete: boolean }> {
    const { found, refusals } = await inEach(accounts, (account) => this.client.zones(account, signal));
    return { zones: found.flat(), complete: refusals.length === 0 };
  }

  /** How many zones a token of one account shows; whoever may not list them shows none but the one that it is for. */
  private async shownTo({ account }: Identity, signal: AbortSignal): Promise<number> {
    if (account === null) return 0;
    try {
      return await this.client.zoneCount(String(account.id), signal);
    } catch (error) {
      if (isConnectError(error) && error.code === 'missing_permission') return 0;
      throw error;
    }
  }

  private async zoneNamed(zone: string, accounts: readonly string[], signal: AbortSignal): Promise<ZoneAnswer> {
    const { account, name } = partsOf(zone);
    const found = await this.zoneIn(account === undefined ? accounts : [account], ownerName(name), signal);
    if (found === null) throw new ProviderError('zone_not_found', { detail: `no account of the token has the zone ${displayName(ownerName(name))}` });
    return found;
  }

  /** The zone of this name in one of the accounts. Two accounts may hold one name, and the DNS asks one of them: which one, the customer knows. */
  private async zoneIn(accounts: readonly string[], apex: OwnerName, signal: AbortSignal): Promise<ZoneAnswer | null> {
    const { found } = await inEach(accounts, (account) => this.client.zone({ account, apex }, signal));
    const [zone, ...others] = found.filter((each) => each !== null);
    if (zone === undefined) return null;
    if (others.length > 0) throw new ProviderError('zone_ambiguous', { detail: `several accounts hold the zone; name one of ${[zone, ...others].map((each) => toZone(each).id).join(', ')}` });
    if (zone.secondary === true) throw new ProviderError('zone_not_writable', { detail: 'the zone is a secondary one: DNSimple takes its records from another server' });
    return zone;
  }

  /** Deletes a record that cannot exist: 404 says that the token might, 403 that it must not. Nothing can change. */
  private async mayWrite(zone: ZoneAnswer, signal: AbortSignal): Promise<boolean> {
    try {
      await this.client.delete(placeOf(toZone(zone)), 0, signal, true);
      return true;
    } catch (error) {
      if (isConnectError(error) && error.code === 'missing_permission') return false;
      throw error;
    }
  }
}

/** What each account answers. One of several that is not paid, or does not let us in, does not stand in the way of the others. */
async function inEach<Answer>(accounts: readonly string[], ask: (account: string) => Promise<Answer>): Promise<{ found: Answer[]; refusals: ProviderError[] }> {
  const found: Answer[] = [];
  const refusals: ProviderError[] = [];
  for (const account of accounts) {
    try {
      found.push(await ask(account));
    } catch (error) {
      if (!(error instanceof ProviderError) || (error.code !== 'account_not_eligible' && error.code !== 'missing_permission')) throw error;
      refusals.push(error);
    }
  }
  if (found.length === 0 && refusals[0] !== undefined) throw refusals[0];
  return { found, refusals };
}

function toZone({ account_id: account, name }: ZoneAnswer): Zone {
  return { id: `${account}/${name}`, apex: ownerName(name) };
}

function placeOf({ id, apex }: Zone): Place {
  return { account: id.slice(0, id.indexOf('/')), apex };
}

/** As a caller may name a zone: `1010/example.com` or `example.com`. */
function partsOf(zone: string): { account: string | undefined; name: string } {
  const at = zone.indexOf('/');
  return at === -1 ? { account: undefined, name: zone } : { account: zone.slice(0, at), name: zone.slice(at + 1) };
}

function detailOf([zone]: readonly ZoneAnswer[], lacksWriting: boolean): string | null {
  if (lacksWriting) return 'the token may read the zone and not write it: it needs "zones, full access"';
  return zone?.active === false ? 'the DNS service of the zone is switched off: records are stored, and nobody is served' : null;
}

function widerThanNeeded({ account }: Identity, zones: number): string | null {
  if (account === null) return everyAccount;
  if (/^solo\b/i.test(account.plan_identifier ?? '')) return everyRight;
  return zones > 1 ? everyZone : null;
}
