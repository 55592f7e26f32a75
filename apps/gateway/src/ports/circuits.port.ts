import type { ProviderCircuit } from '@connect/contracts';

/** Which providers are called at the moment, as the workers keep it. */
export abstract class Circuits {
  /** By provider key; one that is not there was never open. null: no worker answers, so nobody knows. */
  abstract all(): Promise<ReadonlyMap<string, ProviderCircuit> | null>;
}
