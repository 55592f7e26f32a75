/** What a credential is bound to on its way from the gateway into the vault; made in one place for both ends. */
export type CredentialPlace = { tenant_id: string; application_id: string; credential_id: string; provider: string; version: number };

/** Only these five, in this form, whatever else the object carries. */
export function credentialClaims(place: CredentialPlace): CredentialPlace {
  return { tenant_id: place.tenant_id, application_id: place.application_id, credential_id: place.credential_id, provider: place.provider, version: place.version };
}
