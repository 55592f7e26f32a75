import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { storeCredential } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import { StoreCredential } from './store-credential.use-case.js';

type Ask = z.infer<typeof storeCredential.ask>;

/** `rpc.vault.store-credential`: keep a credential that was sealed to the vault's key. */
@Controller()
export class StoreCredentialHandler {
  constructor(private readonly storeCredential: StoreCredential) {}

  @Answers(storeCredential)
  async answer(@Payload() ask: Ask): Promise<z.infer<typeof storeCredential.answer>> {
    const place = { tenantId: ask.tenant_id, applicationId: ask.application_id, credentialId: ask.credential_id, provider: ask.provider, version: ask.version };
    return { fingerprint: await this.storeCredential.run(place, ask.sealed) };
  }
}
