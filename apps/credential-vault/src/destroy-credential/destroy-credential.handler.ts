import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { destroyCredential, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { DestroyCredential } from './destroy-credential.use-case.js';

/** `cmd.vault.destroy-credential`: delete the sealed bytes, and tell it. */
@Controller()
export class DestroyCredentialHandler {
  constructor(private readonly destroyCredential: DestroyCredential) {}

  @Handles(destroyCredential)
  async handle(@Payload() message: Message<DataOf<typeof destroyCredential>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.destroyCredential.run({ consumer: context.consumer, messageId: message.id, tenantId: message.tenant_id, credentialId: message.data.credential_id });
    return done();
  }
}
