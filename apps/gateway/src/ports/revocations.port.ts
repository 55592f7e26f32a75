/** Tells that a key was revoked, here or in another replica. A telling may get lost. */
export abstract class Revocations {
  /** Calls back with the key's hash in hex. */
  abstract follow(onRevoked: (hashInHex: string) => void): void;
}
