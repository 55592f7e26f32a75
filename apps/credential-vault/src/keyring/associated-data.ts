/**
 * Where a sealed value stands. It is authenticated together with the value, so a value that was moved to another place does not open. Made
 * only by the functions below; sealing, opening and rewrapping take the same one.
 */
export type AssociatedData = readonly [kind: 'credential' | 'tenant_key' | 'transport_key', ...place: string[]];

export type CredentialPlace = { tenantId: string; applicationId: string; credentialId: string; provider: string; version: number };

/** A credential stands at tenant, application, credential, provider and version. */
export function credentialPlace(place: CredentialPlace): AssociatedData {
  return ['credential', place.tenantId, place.applicationId, place.credentialId, place.provider, String(place.version)];
}

/** A tenant's key stands at its tenant and its version. */
export function tenantKeyPlace(tenantId: string, version: number): AssociatedData {
  return ['tenant_key', tenantId, String(version)];
}

/** A private transport key stands at its `kid`. */
export function transportKeyPlace(kid: string): AssociatedData {
  return ['transport_key', kid];
}

/** Each field is preceded by its length in bytes (32 bit, big endian): ('ab', 'c') and ('a', 'bc') must not give the same bytes. */
export function encodeFields(fields: readonly string[]): Buffer {
  return Buffer.concat(fields.flatMap((field) => {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  }));
}
