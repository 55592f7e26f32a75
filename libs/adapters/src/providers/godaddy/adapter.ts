import { ProviderError, displayName, isConnectError, ownerName, type Change, type OwnerName } from '@connect/domain';
import { credentialFinding, findZoneByName } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { KeyClient, TokenClient } from './client.js';
import { scopes, type GodaddyCredential } from './credential.js';
import { readByKey, writeByKey, type KeyNative } from './key-zone.js';
import type { DomainAnswer } from './schema.js';
import { readByToken, writeByToken, type TokenNative } from './token-zone.js';

const narrower = `A key has all rights of the account, contacts and transfers included, and is announced to end after 2026. Use a personal access token with the scopes ${scopes.read} and ${scopes.write} and no others.`;
const ofAccount = ['zone_not_found', 'missing_permission', 'account_not_eligible', 'zone_not_writable'] as const;

/** The API that a credential opens. */
type Door<Native> = {
  domains(signal: AbortSignal): Promise<DomainAnswer[]>;
  read(apex: OwnerName, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>>;
  write(apex: OwnerName, changes: readonly Change[], native: Native, signal: AbortSignal): Promise<ChangeOutcome[]>;
  /** What is said of the credential beside its being valid. */
  notes: Pick<CredentialFinding, 'detail' | 'widerThanNeeded'>;
};

/** v1 for a key with its secret, v3 for a personal access token. */
export function openGodaddy(credential: GodaddyCredential, ports: Pick<ProviderPorts, 'http' | 'clock'>): ProviderAdapter<KeyNative | TokenNative> {
  if (credential.kind === 'key') {
    const client = new KeyClient(credential, ports);
    return new GodaddyAdapter<KeyNative>({
      domains: (signal) => client.domains(signal), read: (...asked) => readByKey(client, ...asked), write: (...asked) => writeByKey(client, ...asked),
      notes: { detail: null, widerThanNeeded: narrower },
    });
  }
  const client = new TokenClient(credential, ports);
  return new GodaddyAdapter<TokenNative>({
    domains: (signal) => client.domains(signal), read: (...asked) => readByToken(client, ...asked), write: (...asked) => writeByToken(client, ...asked),
    notes: { detail: `the scopes of a token are shown nowhere: a missing ${scopes.write} shows at the first write`, widerThanNeeded: null },
  });
}

/** GoDaddy, by either API. */
class GodaddyAdapter<Native> implements ProviderAdapter<Native> {
  constructor(private readonly door: Door<Native>) {}

  /** Listed is every domain that is registered in the account; only reading its records shows that it has a zone, and that the account is open for that. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const all = await this.door.domains(signal);
      const found = zone === null ? all : all.filter(({ domain }) => ownerName(domain) === ownerName(zone));
      const finding = { zones: found.map(toZone), zonesComplete: zone === null, ...this.door.notes };
      if (zone !== null && found.length === 0) return { ...finding, code: 'zone_not_found', detail: 'the account of the credential has no such active domain', may: ['list_zones'] };
      const refusal = zone === null ? null : await this.refusalOf(ownerName(zone), signal);
      if (refusal !== null) return { ...finding, code: refusal.code, detail: refusal.detail ?? null, may: ['list_zones'] };
      return { ...finding, may: ['list_zones', 'read_records', 'write_records'] };
    }, ofAccount);
  }

  /** Only registered domains are zones, so there is one at most; their names are their ids. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const all = await this.door.domains(signal);
    return findZoneByName(search, (name) => {
      const found = all.find(({ domain }) => ownerName(domain) === name);
      return Promise.resolve(found === undefined ? null : toZone(found));
    });
  }

  async getRecordSets({ apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>> {
    return this.explaining(apex, () => this.door.read(apex, names, signal), signal);
  }

  async applyChanges({ apex }: Zone, changes: readonly Change[], { native }: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return this.explaining(apex, () => this.door.write(apex, changes, native, signal), signal);
  }

  private async refusalOf(apex: OwnerName, signal: AbortSignal): Promise<ProviderError | null> {
    try {
      await this.getRecordSets({ id: displayName(apex), apex }, 'all', signal);
      return null;
    } catch (error) {
      if (error instanceof ProviderError && (ofAccount as readonly string[]).includes(error.code)) return error;
      throw error;
    }
  }

  /** A domain that is registered here and served elsewhere has no zone; the list of domains tells it from one that is not the account's. */
  private async explaining<T>(apex: OwnerName, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'zone_not_found') throw error;
      const domains = await this.door.domains(signal).catch(() => []);
      throw servedElsewhere(domains.find(({ domain }) => ownerName(domain) === apex)) ?? error;
    }
  }
}

function servedElsewhere(domain: DomainAnswer | undefined): ProviderError | null {
  const servers = domain?.nameServers ?? [];
  if (servers.length === 0 || servers.some((server) => /(^|\.)domaincontrol\.com\.?$/i.test(server))) return null;
  return new ProviderError('zone_not_writable', { detail: 'the name servers of the domain are not those of GoDaddy: connect it where its DNS is, or set the name servers of GoDaddy' });
}

function toZone({ domain }: DomainAnswer): Zone {
  const apex = ownerName(domain);
  return { id: displayName(apex), apex };
}
