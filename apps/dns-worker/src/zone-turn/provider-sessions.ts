import { clampTtl } from '@connect/adapters';
import type { ProviderAdapter, ProviderDescriptor } from '@connect/adapters/spi';
import type { PlanCapabilities } from '../plan/plan.js';
import type { Credentials, LentCredential, ProviderDoor } from '../ports/provider-door.port.js';
import type { Account, Lane } from '../zone-work/zone-work.js';
import type { LeaseTerms } from '@connect/sealing';

/** One provider account, opened for one use under one lease. */
export type ProviderSession = { adapter: ProviderAdapter; descriptor: ProviderDescriptor; capabilities: PlanCapabilities; place: string; /** Ends with the lease, and with the turn. */ signal: AbortSignal };

export type SessionUse = Pick<LeaseTerms, 'purpose' | 'zone' | 'fence'> & { connections: readonly string[]; lane: Lane; remainingMs(): number };

/** A signal that is given after so many milliseconds. */
export type Deadline = (ms: number) => AbortSignal;

/** Borrows a credential and opens the provider with it. */
export class ProviderSessions {
  constructor(private readonly credentials: Credentials, private readonly door: ProviderDoor, private readonly deadline: Deadline = (ms) => AbortSignal.timeout(ms)) {}

  async open(account: Account, use: SessionUse): Promise<ProviderSession> {
    const descriptor = this.door.describe(account.provider);
    const lent = await this.credentials.lend({
      tenant_id: account.tenantId, application_id: account.applicationId, credential_id: account.credentialId, provider: account.provider,
      purpose: use.purpose, zone: use.zone, fence: use.fence, connections: [...new Set(use.connections)],
    });
    const { adapter, place } = this.door.open(account.provider, lent.credential, { lane: use.lane, zoneId: use.zone });
    return { adapter, place, descriptor, capabilities: capabilitiesOf(descriptor), signal: this.deadline(remainingMs(lent, use)) };
  }
}

export function capabilitiesOf(descriptor: ProviderDescriptor): PlanCapabilities {
  return {
    apexAlias: descriptor.capabilities.apexAlias,
    isAtomic: descriptor.atomicWrite,
    mayLose: descriptor.mayLose ?? [],
    keptTtl: (ttlSeconds) => clampTtl(descriptor.capabilities, ttlSeconds),
  };
}

function remainingMs(lent: LentCredential, use: SessionUse): number {
  return Math.max(1, Math.floor(Math.min(lent.remainingMs(), use.remainingMs())));
}
