import { leaseCredential } from '@connect/contracts';
import type { Clock } from '@connect/domain';
import type { Requests } from '@connect/messaging';
import { leaseBox, type LeaseTerms } from '@connect/sealing';
import type { Credentials, LentCredential } from '../ports/provider-door.port.js';

/** Leases from the vault: a key pair for each, made here and never sent. */
export class VaultCredentials implements Credentials {
  constructor(private readonly requests: Pick<Requests, 'ask'>, private readonly clock: Clock) {}

  async lend(terms: LeaseTerms): Promise<LentCredential> {
    const box = await leaseBox(this.clock);
    const { lease } = await this.requests.ask(leaseCredential, { ...terms, connections: [...terms.connections], worker_jwk: box.publicJwk });
    const { credential, remainingMs } = await box.open(lease, terms);
    return { credential, remainingMs };
  }
}
