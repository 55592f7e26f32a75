import { ProviderError, displayName, isConnectError, isWithin, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, recordOperations, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { VercelClient, type Team } from './client.js';
import { toBody, toPatch, toRecordSets, type NativeSets } from './convert.js';
import type { DomainAnswer, TokenAnswer } from './schema.js';

const everyDomain = 'A token opens every domain of its team; Vercel has none for a single domain.';
const fullAccount = `${everyDomain} This one opens the full account: choose the team of the domain as its scope.`;

/** Vercel DNS, REST API. */
export class VercelAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: VercelClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new VercelClient(token, ports);
  }

  /** What a member may write is shown nowhere: a missing permission shows at the first write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const token = await this.client.token(signal);
      const { domains, complete } = zone === null ? await this.everywhere(token, signal) : { domains: [await this.domainOf([nameOf(zone)], teamOf(zone), signal)], complete: false };
      return {
        detail: detailOf(zone === null ? [] : domains), zones: domains.map(toZone), zonesComplete: complete,
        may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: token?.scopes?.some(({ type }) => type === 'user') === true ? fullAccount : everyDomain, expiresAt: expiryOf(token),
      };
    });
  }

  /** The longest name wins. The id of a zone names its team, since each call has to. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const { hostname, zone } = search;
    if (zone === null) return toZone(await this.domainOf(zoneNames(search), null, signal));
    return toZone(await this.domainOf([nameOf(zone)].filter((name) => isWithin(hostname, name)), teamOf(zone), signal));
  }

  async getRecordSets({ id, apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const { recordSets, native } = toRecordSets(await this.client.records(apex, teamOf(id), signal), apex);
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges({ id, apex }: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const team = teamOf(id);
    return applyOneByOne(changes, async (change) => {
      await carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => this.client.create(apex, team, toBody(change, value, ttlSeconds, apex), signal),
        update: (record, value, ttlSeconds) => this.client.update(record.native, team, toPatch(change.type, value, ttlSeconds), signal),
        delete: (record) => this.client.delete(apex, record.native, team, signal),
      });
    }, signal);
  }

  /**
   * The first of the names that is a domain: without a team, then in each team of the token. A name is verified in one team only, so the first
   * verified one is taken. 403 in each place: the token opens no domains at all, such as one for a project.
   */
  private async domainOf(names: readonly OwnerName[], named: Team, signal: AbortSignal): Promise<DomainAnswer> {
    let teams: readonly Team[] | null = null;
    let asked = 0;
    const refusals: ProviderError[] = [];
    for (const name of names) {
      const found: DomainAnswer[] = [];
      for (let at = 0; !found.some(isVerified); at++) {
        if (at > 0 && named === null) teams ??= await this.teams(signal);
        const team = at === 0 ? named : teams?.[at - 1];
        if (team === undefined) break;
        asked++;
        found.push(...(await this.domainIn(name, team, refusals, signal)));
      }
      const best = found.find(isVerified) ?? found[0];
      if (best !== undefined) return best;
    }
    if (refusals[0] !== undefined && refusals.length === asked) throw refusals[0];
    throw new ProviderError('zone_not_found', { detail: `no team of the token has a domain for ${displayName(names[0] ?? ownerName('.'))}` });
  }

  /** A team that the token does not open answers 403 to everything. */
  private async domainIn(name: OwnerName, team: Team, refusals: ProviderError[], signal: AbortSignal): Promise<DomainAnswer[]> {
    try {
      const found = await this.client.domain(name, team, signal);
      return found === null ? [] : [found];
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
      refusals.push(error);
      return [];
    }
  }

  /** A token for one team may not be allowed to list teams; it knows its own. */
  private async teams(signal: AbortSignal): Promise<string[]> {
    try {
      return await this.client.teams(signal);
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'missing_permission') throw error;
      return teamsOf(await this.client.token(signal));
    }
  }

  private async everywhere(token: TokenAnswer | null, signal: AbortSignal): Promise<{ domains: DomainAnswer[]; complete: boolean }> {
    const bound = token?.scopes?.every(({ type }) => type === 'team') === true ? teamsOf(token) : [];
    const teams: Team[] = bound.length > 0 ? bound : [null, ...(await this.teams(signal))];
    const found = new Map<string, DomainAnswer>();
    let refused: ProviderError | null = null;
    let answers = 0;
    for (const team of teams) {
      try {
        for (const domain of await this.client.domains(team, signal)) found.set(toZone(domain).id, domain);
        answers++;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
        refused = error;
      }
    }
    if (answers === 0 && refused !== null) throw refused;
    return { domains: [...found.values()], complete: refused === null };
  }
}

/** The id of a zone: `example.com`, or with the team that it belongs to `team_…/example.com`. */
function toZone({ name, teamId }: DomainAnswer): Zone {
  return { id: typeof teamId === 'string' ? `${teamId}/${name}` : name, apex: ownerName(name) };
}

function isVerified({ verified }: DomainAnswer): boolean {
  return verified !== false;
}

function teamOf(id: string): Team {
  return id.includes('/') ? id.slice(0, id.indexOf('/')) : null;
}

function nameOf(id: string): OwnerName {
  return ownerName(id.slice(id.indexOf('/') + 1));
}

function teamsOf(token: TokenAnswer | null): string[] {
  return (token?.scopes ?? []).flatMap(({ teamId }) => (teamId === undefined ? [] : [teamId]));
}

function detailOf([domain]: readonly DomainAnswer[]): string {
  const isElsewhere = domain?.serviceType === 'external' || domain?.serviceType === 'na';
  return isElsewhere ? 'the name servers of the domain are not those of Vercel: records are written, and nobody is asked for them' : 'whether the token may write shows at the first write';
}

function expiryOf(token: TokenAnswer | null): string | null {
  const ends = [token?.expiresAt, ...(token?.scopes ?? []).map(({ expiresAt }) => expiresAt)].filter((each) => typeof each === 'number');
  return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString();
}
