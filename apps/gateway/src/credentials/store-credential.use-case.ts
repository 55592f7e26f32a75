import { Inject, Injectable } from '@nestjs/common';
import { checkCredential, type Message } from '@connect/contracts';
import { ConnectError, newId, type Clock, type Secret } from '@connect/domain';
import { newMessage, Outbox } from '@connect/messaging';
import { ApplicationStore } from '../ports/application-store.port.js';
import type { Caller } from '../ports/caller.js';
import { CLOCK } from '../ports/clock.port.js';
import { CredentialStore, type Credential } from '../ports/credential-store.port.js';
import { Database } from '../ports/database.port.js';
import { Idempotency, type IdempotentCall, type KeptAnswer } from '../ports/idempotency.port.js';
import { Providers } from '../ports/providers.port.js';
import { Vault } from '../ports/vault.port.js';

export type NewCredential = { provider: string; token: Secret<string>; label: string | null; zone: string | null; customerReference: string | null; check: boolean };

/**
 * A customer's secret comes in. Its form is checked before anything is written, then it is sealed to the vault's key at once. The row is there first
 * (`storing`), so that a call that is cut short leaves nothing that nobody knows of: the sweeper destroys it.
 */
@Injectable()
export class StoreCredential {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly applications: ApplicationStore,
    private readonly credentials: CredentialStore,
    private readonly providers: Providers,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Errors: `not_found`, `unknown_provider`, `credential_format`, `unavailable`, those of idempotency. */
  async run(caller: Caller, applicationId: string, request: NewCredential, call: IdempotentCall | null, answerOf: (credential: Credential) => KeptAnswer): Promise<KeptAnswer> {
    if ((await this.applications.find(caller, applicationId)) === null) throw new ConnectError('not_found');
    request.token.open((token) => this.providers.checkForm(request.provider, token));
    const credential = this.rowOf(caller, applicationId, request);
    const kept = await this.begin(credential, call);
    if (kept !== null) return kept;
    try {
      const { fingerprint } = await this.vault.store(placeOf(credential), request.token);
      return await this.finish({ ...credential, fingerprint, status: 'stored' }, request.check, call, answerOf);
    } catch (error) {
      if (call !== null) await this.database.transaction((tx) => this.idempotency.forget(tx, call));
      throw error;
    }
  }

  private begin(credential: Credential, call: IdempotentCall | null): Promise<KeptAnswer | null> {
    return this.database.transaction(async (tx) => {
      const kept = call === null ? null : await this.idempotency.begin(tx, call);
      if (kept !== null) return kept;
      if (call !== null) await this.idempotency.reserve(tx, call);
      await this.credentials.insert(tx, credential);
      return null;
    });
  }

  private async finish(credential: Credential, check: boolean, call: IdempotentCall | null, answerOf: (credential: Credential) => KeptAnswer): Promise<KeptAnswer> {
    const answer = answerOf(credential);
    await this.database.transaction(async (tx) => {
      await this.credentials.change(tx, credential.id, { status: credential.status, fingerprint: credential.fingerprint });
      if (check) await this.outbox.add(tx, checkMessage(credential, this.clock));
      if (call !== null) await this.idempotency.keep(tx, call, answer);
    });
    this.outbox.nudge();
    return answer;
  }

  private rowOf(caller: Caller, applicationId: string, { provider, label, zone, customerReference }: NewCredential): Credential {
    const now = this.clock.now();
    return {
      id: newId('credential'), tenant_id: caller.tenantId, application_id: applicationId, provider, label, zone, customer_reference: customerReference, version: 1, status: 'storing', fingerprint: null, report: null,
      as_of: null, created_at: now, updated_at: now,
    };
  }
}

export function placeOf(credential: Credential): Parameters<Vault['store']>[0] {
  return { tenantId: credential.tenant_id, applicationId: credential.application_id, credentialId: credential.id, provider: credential.provider, version: credential.version };
}

export function checkMessage(credential: Credential, clock: Clock): Message {
  const { tenant_id: tenantId, application_id, id: credential_id, provider, zone } = credential;
  return newMessage(checkCredential, { tenantId }, { application_id, credential_id, provider, zone }, clock);
}
