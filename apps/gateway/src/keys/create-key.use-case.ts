import { Inject, Injectable } from '@nestjs/common';
import { ConnectError, newId, type Clock, type Secret } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { assertSeesApplication, type Caller, type Scope } from '../ports/caller.js';
import { ApplicationStore } from '../ports/application-store.port.js';
import { CLOCK } from '../ports/clock.port.js';
import { KeyStore, type StoredKey } from '../ports/key-store.port.js';
import { hashApiKey, mintApiKey } from './api-key.js';

export const KEY_SECRET = Symbol('KEY_SECRET');
export type KeyRequest = { name: string | null; scopes: Scope[]; expiresAt: Date | null };
export type MintedKey = { stored: StoredKey; key: Secret<string> };

/** Makes keys. A key is shown once and mints none that may do more than it or that outlives it. */
@Injectable()
export class CreateKey {
  constructor(
    private readonly keys: KeyStore,
    private readonly applications: ApplicationStore,
    @Inject(KEY_SECRET) private readonly keySecret: Secret<string>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A key of one application. Errors: `not_found`, `forbidden_scope`, `malformed_request`. */
  async forApplication(tx: Sql, caller: Caller, applicationId: string, request: KeyRequest): Promise<MintedKey> {
    assertSeesApplication(caller, applicationId);
    if ((await this.applications.find(caller, applicationId, tx)) === null) throw new ConnectError('not_found');
    const more = request.scopes.filter((scope) => !caller.scopes.includes(scope));
    if (more.length > 0) throw new ConnectError('forbidden_scope', { detail: `the key itself lacks ${more.join(', ')}` });
    if (caller.expiresAt !== null && (request.expiresAt === null || request.expiresAt > caller.expiresAt)) {
      throw new ConnectError('malformed_request', { errors: [{ path: 'expires_at', message: `at the latest ${caller.expiresAt.toISOString()}, when the key itself ends` }] });
    }
    return this.mint(tx, caller.tenantId, applicationId, request, caller.keyId);
  }

  /** A key of a whole tenant: for the operator only. */
  forTenant(tx: Sql, tenantId: string, request: KeyRequest): Promise<MintedKey> {
    return this.mint(tx, tenantId, null, request, 'operator');
  }

  private async mint(tx: Sql, tenantId: string, applicationId: string | null, { name, scopes, expiresAt }: KeyRequest, by: string): Promise<MintedKey> {
    const key = mintApiKey();
    const stored: StoredKey = {
      id: newId('apiKey'), tenant_id: tenantId, application_id: applicationId, name, scopes, hint: key.open((text) => text.slice(0, 7)), expires_at: expiresAt, revoked_at: null, created_by: by, created_at: this.clock.now(),
    };
    await this.keys.insert(tx, stored, key.open((text) => hashApiKey(text, this.keySecret)));
    return { stored, key };
  }
}
