import { Injectable } from '@nestjs/common';
import { sealKey, storeCredential } from '@connect/contracts';
import { isConnectError, type Secret } from '@connect/domain';
import { Requests } from '@connect/messaging';
import { credentialClaims, publicJwk, sealTo, type PublicJwk } from '@connect/sealing';
import { Vault, type SealedPlace } from '../ports/vault.port.js';

type VaultKey = { jwk: PublicJwk; kid: string };

/** The vault behind the bus. Its key is kept until it is refused: keys rotate, and every replica of the vault knows the older ones for a while. */
@Injectable()
export class SealingVault extends Vault {
  private key: VaultKey | null = null;

  constructor(private readonly requests: Requests) {
    super();
  }

  async store(place: SealedPlace, token: Secret<string>): Promise<{ fingerprint: string }> {
    try {
      return await this.storeOnce(place, token);
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'key_unknown') throw error;
      this.key = null;
      return this.storeOnce(place, token);
    }
  }

  private async storeOnce(place: SealedPlace, token: Secret<string>): Promise<{ fingerprint: string }> {
    const key = (this.key ??= await this.fetchKey());
    const claims = credentialClaims({ tenant_id: place.tenantId, application_id: place.applicationId, credential_id: place.credentialId, provider: place.provider, version: place.version });
    const sealed = await sealTo(key.jwk, key.kid, token, claims);
    return this.requests.ask(storeCredential, { ...claims, sealed });
  }

  private async fetchKey(): Promise<VaultKey> {
    const { jwk, kid } = await this.requests.ask(sealKey, {});
    return { jwk: publicJwk({ kty: jwk.kty, crv: jwk.crv, x: jwk.x }), kid };
  }
}
