import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { leaseCredential } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import { LeaseCredential } from './lease-credential.use-case.js';

type Ask = z.infer<typeof leaseCredential.ask>;

/** `rpc.vault.lease`: lend a credential to one worker for one purpose. */
@Controller()
export class LeaseCredentialHandler {
  constructor(private readonly leaseCredential: LeaseCredential) {}

  @Answers(leaseCredential)
  async answer(@Payload() ask: Ask): Promise<z.infer<typeof leaseCredential.answer>> {
    const { worker_jwk, ...terms } = ask;
    return { lease: await this.leaseCredential.run(terms, worker_jwk) };
  }
}
