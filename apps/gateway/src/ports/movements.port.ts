import type { ConnectionState } from '@connect/domain';

export type Movement = { connectionId: string; sequence: number; state: ConnectionState };

/** Tells who waits, here and in the other replicas, that a connection moved. A telling may get lost; who waits looks again at the end. */
export abstract class Movements {
  abstract tell(movement: Movement): void;
  /** Calls back at each movement of the connection until the returned function is called. */
  abstract follow(connectionId: string, onMove: (movement: Movement) => void): () => void;
}
