import { Inject, Injectable } from '@nestjs/common';
import { ConnectError, isConnectError, type Clock, type Secret } from '@connect/domain';
import { Outbox } from '@connect/messaging';
import { ChangeConnection } from '../connections/change-connection.js';
import { ResumeWaiting } from '../connections/resume-waiting.js';
import type { Caller } from '../ports/caller.js';
import { CLOCK } from '../ports/clock.port.js';
import { CredentialStore, type Credential } from '../ports/credential-store.port.js';
import { Database } from '../ports/database.port.js';
import { Providers } from '../ports/providers.port.js';
import { Vault } from '../ports/vault.port.js';
import { checkMessage, placeOf } from './store-credential.use-case.js';

/** A newer secret takes the place of the stored one under the same id. */
@Injectable()
export class ReplaceCredential {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly providers: Providers,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    private readonly resume: ResumeWaiting,
    private readonly changes: ChangeConnection,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Connections that waited because of the old secret go on. Of two that replace at once the later version stays. Errors: `not_found`, `credential_format`, `unavailable`. */
  async run(caller: Caller, applicationId: string, id: string, request: { token: Secret<string>; label: string | null | undefined; zone: string | null | undefined; check: boolean }): Promise<Credential> {
    const before = await this.credentials.find(caller, applicationId, id);
    if (before === null || before.status === 'destroying') throw new ConnectError('not_found');
    request.token.open((token) => this.providers.checkForm(before.provider, token));
    const next = { ...before, version: await this.database.transaction((tx) => this.credentials.takeNextVersion(tx, id)) };
    const fingerprint = await this.storeUnlessLate(next, request.token);
    if (fingerprint === null) return (await this.credentials.find(caller, applicationId, id)) ?? before;
    const { credential, lives } = await this.database.transaction(async (tx) => {
      const locked = await this.credentials.lock(tx, caller.tenantId, id);
      if (locked === null || locked.status === 'destroying') throw new ConnectError('not_found');
      if (locked.version > next.version) return { credential: locked, lives: [] };
      await this.credentials.change(tx, id, { version: next.version, status: 'stored', fingerprint, report: null, as_of: null, ...(request.label === undefined ? {} : { label: request.label }), ...(request.zone === undefined ? {} : { zone: request.zone }) });
      if (request.check) await this.outbox.add(tx, checkMessage(next, this.clock));
      return { credential: await this.credentials.lock(tx, caller.tenantId, id), lives: await this.resume.run(tx, locked, { by: caller.keyId, messageId: null }) };
    });
    this.outbox.nudge();
    this.changes.announce(...lives);
    if (credential === null) throw new ConnectError('not_found');
    return credential;
  }

  /** `null`: a later replacement is stored already, and the vault takes no older one. */
  private async storeUnlessLate(next: Credential, token: Secret<string>): Promise<string | null> {
    try {
      return (await this.vault.store(placeOf(next), token)).fingerprint;
    } catch (error) {
      if (isConnectError(error) && error.code === 'superseded') return null;
      throw error;
    }
  }
}
