import { ConnectError, newUuid, type Secret } from '@connect/domain';
import { credentialClaims, openWith, unprovenHeader } from '@connect/sealing';
import type { CredentialPlace } from '../keyring/associated-data.js';
import type { TenantKeys } from '../keyring/tenant-keys.js';
import type { SealedCredential, VaultChange, VaultStore } from '../ports/vault-store.port.js';
import type { TransportKeys } from '../transport-keys/transport-keys.js';

/** Larger than any provider's credential (a private key in JSON is some 2,500 bytes), small enough for a message. */
const longestCredentialBytes = 16_384;

export class StoreCredential {
  constructor(private readonly store: VaultStore, private readonly transportKeys: TransportKeys, private readonly tenantKeys: TenantKeys) {}

  /**
   * Opens what the gateway sealed, and keeps it sealed under the tenant's key. Repeating it is safe: the same secret under the same id and version
   * gives the same fingerprint. Returns the fingerprint. Throws `seal_broken`, `key_unknown`, `credential_format`, `not_found` (the id is another
   * tenant's or application's), `provider_mismatch`, `superseded` (a newer version is there) and `conflict` (another secret, or destroyed).
   */
  async run(place: CredentialPlace, sealed: string): Promise<string> {
    const credential = await this.#open(place, sealed);
    return this.store.change(async (vault) => {
      const present = await vault.credential(place.credentialId);
      if (present === undefined) return this.#keep(vault, 'stored', place, credential);
      refuseOtherPlace(present, place);
      if (present.version > place.version) throw new ConnectError('superseded', { detail: 'A newer version of the credential is stored.' });
      if (present.version < place.version) return this.#keep(vault, 'replaced', place, credential);
      return this.#confirmSame(vault, present, credential);
    });
  }

  async #open(place: CredentialPlace, sealed: string): Promise<Secret<string>> {
    const { kid } = unprovenHeader(sealed);
    if (kid === undefined) throw new ConnectError('key_unknown');
    const credential = await openWith(await this.transportKeys.privateKey(kid), sealed, credentialClaims({
      tenant_id: place.tenantId, application_id: place.applicationId, credential_id: place.credentialId, provider: place.provider, version: place.version,
    }));
    const sizeBytes = credential.open((text) => Buffer.byteLength(text, 'utf8'));
    if (sizeBytes === 0 || sizeBytes > longestCredentialBytes) throw new ConnectError('credential_format', { detail: `A credential has 1 to ${longestCredentialBytes} bytes.` });
    return credential;
  }

  async #keep(vault: VaultChange, action: 'stored' | 'replaced', place: CredentialPlace, credential: Secret<string>): Promise<string> {
    if (await vault.destroyedBy(place.tenantId, place.credentialId) !== undefined) throw new ConnectError('conflict', { detail: 'The credential was destroyed.' });
    const wrapped = (await vault.tenantKey(place.tenantId, 'newest')) ?? (await vault.addTenantKey(place.tenantId, await this.tenantKeys.create(place.tenantId, 1)));
    const key = await this.tenantKeys.unwrap(place.tenantId, wrapped);
    const fingerprint = key.fingerprint(credential);
    await vault.put({ ...place, tenantKeyVersion: key.version, sealed: key.seal(credential, place), fingerprint });
    await vault.audit({ id: newUuid(), action, ...place });
    return fingerprint;
  }

  async #confirmSame(vault: VaultChange, present: SealedCredential, credential: Secret<string>): Promise<string> {
    const wrapped = await vault.tenantKey(present.tenantId, present.tenantKeyVersion);
    if (wrapped === undefined) throw new ConnectError('seal_broken', { detail: 'The tenant key of a stored credential is gone.' });
    const key = await this.tenantKeys.unwrap(present.tenantId, wrapped);
    if (key.fingerprint(credential) !== present.fingerprint) throw new ConnectError('conflict', { detail: 'Another secret is stored under this id and version.' });
    return present.fingerprint;
  }
}

function refuseOtherPlace(present: SealedCredential, place: CredentialPlace): void {
  if (present.tenantId !== place.tenantId || present.applicationId !== place.applicationId) throw new ConnectError('not_found');
  if (present.provider !== place.provider) throw new ConnectError('provider_mismatch');
}
