import type { CredentialFinding } from '@connect/adapters/spi';
import { credentialChecked, type CredentialReport } from '@connect/contracts';
import { isConnectError } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import { locatedZone } from '../find-zone/locate.js';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { LocatedZone } from '../ports/zone-work-store.port.js';
import type { ProviderSessions } from '../zone-turn/provider-sessions.js';
import type { Trouble } from '../zone-turn/trouble.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { accountOf, type ZoneWork } from '../zone-work/zone-work.js';

type Checked = { finding: CredentialFinding; zones: LocatedZone[] };

/** Asks the provider, read-only, what a credential is good for. The zones it reaches are remembered, so that connections need no search. */
export class CheckCredential {
  constructor(private readonly sessions: ProviderSessions, private readonly zones: KnownZones, private readonly ends: WorkEnds, private readonly trouble: Trouble) {}

  async run(work: ZoneWork<'check'>, remainingMs: () => number): Promise<void> {
    try {
      await this.report(work, await this.check(work, remainingMs));
    } catch (error) {
      if (!isConnectError(error) || error.row.retry !== 'never') return this.trouble.meets([work], error);
      // The vault does not know it any more: whoever destroyed it knows.
      if (error.code === 'not_found') await this.ends.end(work, 'done', () => Promise.resolve([]));
      else await this.report(work, { finding: invalid(error.code, error.detail ?? null), zones: [] });
    }
  }

  private async check(work: ZoneWork<'check'>, remainingMs: () => number): Promise<Checked> {
    const account = accountOf(work);
    if (account === null) return { finding: invalid('credential_missing', null), zones: [] };
    const session = await this.sessions.open(account, { purpose: 'check', zone: null, fence: null, connections: [], lane: work.lane, remainingMs });
    const finding = await session.adapter.checkCredential(work.data.zone, session.signal);
    return { finding, zones: finding.zones.map((zone) => locatedZone(session, zone)) };
  }

  private async report(work: ZoneWork<'check'>, { finding, zones }: Checked): Promise<void> {
    await this.ends.end(work, 'done', async (tx, now) => {
      // Named zones were asked for by their id, and that is how they are looked up.
      if (work.data.zone === null) await this.zones.replace(tx, work.data.credential_id, zones);
      const report = reportOf(finding, now);
      return [newMessage(credentialChecked, { tenantId: work.tenantId, causationId: work.causationId }, { credential_id: work.data.credential_id, report }, this.ends.clock)];
    });
  }
}

function invalid(code: CredentialFinding['code'], detail: string | null): CredentialFinding {
  return { valid: false, code, detail, zones: [], zonesComplete: false, may: [], widerThanNeeded: null, expiresAt: null };
}

function reportOf(finding: CredentialFinding, now: Date): CredentialReport {
  return {
    valid: finding.valid, code: finding.code, detail: finding.detail, zones: finding.zones, zones_complete: finding.zonesComplete, may: finding.may,
    wider_than_needed: finding.widerThanNeeded, expires_at: finding.expiresAt, checked_at: now.toISOString(),
  };
}
