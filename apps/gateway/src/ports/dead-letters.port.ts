import type { DeadLetterLine, DeadLetterWhole, Replay, ServiceName } from '@connect/contracts';

export type OfService<T> = T & { service: ServiceName };

/** The messages that a service could not handle. Each service keeps its own and answers for them. */
export abstract class DeadLetters {
  /** The newest first, at most `limit` of each service. `unanswered`: services that did not answer, whose letters are missing here. */
  abstract list(ask: { limit: number; replayed: boolean }): Promise<{ letters: OfService<DeadLetterLine>[]; unanswered: ServiceName[] }>;
  /** Throws `not_found`, and `unavailable` where nobody has it but not everybody answered; so do the next two. */
  abstract show(id: string): Promise<OfService<DeadLetterWhole>>;
  abstract replay(id: string): Promise<OfService<Replay>>;
  abstract drop(id: string): Promise<void>;
}
