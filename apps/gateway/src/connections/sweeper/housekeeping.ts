import { Injectable } from '@nestjs/common';
import { DestroyCredential } from '../../credentials/end-credential.use-case.js';
import { CredentialStore } from '../../ports/credential-store.port.js';
import { Database } from '../../ports/database.port.js';
import { Idempotency } from '../../ports/idempotency.port.js';
import { IntakeStore } from '../../ports/intake-store.port.js';

/** Forgets what is over, and destroys at the vault what a request that was cut short may have left there. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly intake: IntakeStore,
    private readonly credentials: CredentialStore,
    private readonly destroying: DestroyCredential,
  ) {}

  run(): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.idempotency.forgetOld(tx);
      await this.intake.forgetOld(tx);
      for (const credential of await this.credentials.lockAbandoned(tx)) await this.destroying.destroy(tx, credential.tenant_id, credential.id);
    });
  }
}
