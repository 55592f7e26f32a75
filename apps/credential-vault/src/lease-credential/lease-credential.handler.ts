import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { leaseCredential } from '@connect/contracts';
import { isConnectError } from '@connect/domain';
import { Answers } from '@connect/messaging';
import { LOGGER, type Logger } from '@connect/observability';
import { LeaseCredential } from './lease-credential.use-case.js';

type Ask = z.infer<typeof leaseCredential.ask>;

/** `rpc.vault.lease`: lend a credential to one worker for one purpose. */
@Controller()
export class LeaseCredentialHandler {
  constructor(private readonly leaseCredential: LeaseCredential, @Inject(LOGGER) private readonly log: Logger) {}

  @Answers(leaseCredential)
  async answer(@Payload() ask: Ask): Promise<z.infer<typeof leaseCredential.answer>> {
    const { worker_jwk, ...terms } = ask;
    try {
      return { lease: await this.leaseCredential.run(terms, worker_jwk) };
    } catch (error) {
      const about = { tenant_id: ask.tenant_id, credential_id: ask.credential_id, purpose: ask.purpose, err: error };
      // A row that does not open where it stands was moved or changed: somebody has to look now. The other refusals are answers.
      if (isConnectError(error) && error.code === 'seal_broken') this.log.error(about, 'a stored credential does not open');
      else if (isConnectError(error) && error.row.status < 500) this.log.warn(about, 'a lease was refused');
      throw error;
    }
  }
}
