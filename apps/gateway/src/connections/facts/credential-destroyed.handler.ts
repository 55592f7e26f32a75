import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { credentialDestroyed, type DataOf, type Message } from '@connect/contracts';
import { done, Handles, Inbox, type Outcome } from '@connect/messaging';
import { CredentialStore } from '../../ports/credential-store.port.js';
import { Database } from '../../ports/database.port.js';

/** The vault holds the secret no longer; now the row may go, too. */
@Controller()
export class CredentialDestroyedHandler {
  constructor(private readonly database: Database, private readonly inbox: Inbox, private readonly credentials: CredentialStore) {}

  @Handles(credentialDestroyed)
  async handle(@Payload() message: Message<DataOf<typeof credentialDestroyed>>): Promise<Outcome> {
    await this.database.transaction(async (tx) => {
      if (!(await this.inbox.firstTime(tx, 'gateway', message.id))) return;
      const credential = await this.credentials.lock(tx, message.tenant_id, message.data.credential_id);
      if (credential?.status === 'destroying') await this.credentials.remove(tx, credential.id);
    });
    return done();
  }
}
