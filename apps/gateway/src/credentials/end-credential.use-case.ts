import { Inject, Injectable } from '@nestjs/common';
import { destroyCredential } from '@connect/contracts';
import { ConnectError, type Clock } from '@connect/domain';
import { newMessage, Outbox } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import type { Caller } from '../ports/caller.js';
import { CLOCK } from '../ports/clock.port.js';
import { CredentialStore } from '../ports/credential-store.port.js';
import { Database } from '../ports/database.port.js';
import { checkMessage } from './store-credential.use-case.js';

/** Destroys the stored secret for good. Connections keep their state; what needs the secret later says `credential_missing`. */
@Injectable()
export class DestroyCredential {
  constructor(private readonly database: Database, private readonly credentials: CredentialStore, private readonly outbox: Outbox, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Asking twice is harmless. Errors: `not_found`. */
  async run(caller: Caller, applicationId: string, id: string): Promise<void> {
    const credential = await this.credentials.find(caller, applicationId, id);
    if (credential === null) throw new ConnectError('not_found');
    await this.database.transaction((tx) => this.destroy(tx, caller.tenantId, id));
    this.outbox.nudge();
  }

  async destroy(tx: Sql, tenantId: string, id: string): Promise<void> {
    await this.credentials.change(tx, id, { status: 'destroying' });
    await this.outbox.add(tx, newMessage(destroyCredential, { tenantId }, { credential_id: id }, this.clock));
  }
}

/** Asks the provider again, read-only, what the credential is good for; the report comes as a fact. */
@Injectable()
export class CheckCredential {
  constructor(private readonly credentials: CredentialStore, private readonly outbox: Outbox, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Errors: `not_found`. */
  async run(tx: Sql, caller: Caller, applicationId: string, id: string): Promise<void> {
    const credential = await this.credentials.find(caller, applicationId, id, tx);
    if (credential === null || credential.status === 'destroying') throw new ConnectError('not_found');
    await this.outbox.add(tx, checkMessage(credential, this.clock));
  }
}
