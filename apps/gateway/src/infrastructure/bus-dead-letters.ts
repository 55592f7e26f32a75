import { Injectable } from '@nestjs/common';
import { deadLetterRequests, serviceNames, type DeadLetterLine, type DeadLetterRequests, type DeadLetterWhole, type Replay, type ServiceName } from '@connect/contracts';
import { ConnectError, isConnectError } from '@connect/domain';
import { Requests } from '@connect/messaging';
import { DeadLetters, type OfService } from '../ports/dead-letters.port.js';

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** A replay waits for the handler, which may have a lock to wait for. */
const replayTimeoutMs = 15_000;

/** Asks all services, this one too, over the bus: an id does not say whose letter it is. */
@Injectable()
export class BusDeadLetters extends DeadLetters {
  constructor(private readonly requests: Requests) {
    super();
  }

  async list(ask: { limit: number; replayed: boolean }): Promise<{ letters: OfService<DeadLetterLine>[]; unanswered: ServiceName[] }> {
    const answers = await Promise.allSettled(serviceNames.map((service) => this.requests.ask(deadLetterRequests(service).list, ask)));
    const letters = answers.flatMap((answer, index) => (answer.status === 'fulfilled' ? answer.value.letters.map((letter) => ({ ...letter, service: serviceNames[index]! })) : []));
    return { letters: letters.sort((a, b) => b.died_at.localeCompare(a.died_at)), unanswered: serviceNames.filter((_, index) => answers[index]?.status === 'rejected') };
  }

  show(id: string): Promise<OfService<DeadLetterWhole>> {
    return this.atOwner(id, ({ show }) => this.requests.ask(show, { id }));
  }

  replay(id: string): Promise<OfService<Replay>> {
    return this.atOwner(id, ({ replay }) => this.requests.ask(replay, { id }, { timeoutMs: replayTimeoutMs }));
  }

  async drop(id: string): Promise<void> {
    await this.atOwner(id, ({ drop }) => this.requests.ask(drop, { id }));
  }

  private async atOwner<T extends object>(id: string, ask: (requests: DeadLetterRequests) => Promise<T>): Promise<OfService<T>> {
    if (!uuid.test(id)) throw new ConnectError('not_found');
    const answers = await Promise.allSettled(serviceNames.map(async (service) => ({ ...(await ask(deadLetterRequests(service))), service })));
    const refusals: unknown[] = [];
    for (const answer of answers) {
      if (answer.status === 'fulfilled') return answer.value;
      refusals.push(answer.reason);
    }
    throw refusals.find((refusal) => !isConnectError(refusal) || refusal.code !== 'not_found') ?? new ConnectError('not_found');
  }
}
