import type { Message } from '@connect/contracts';
import type { Clock, ErrorCode } from '@connect/domain';
import type { Outbox } from '@connect/messaging';
import { withTrace } from '@connect/observability';
import type { Sql } from '@connect/storage';
import type { Transactions } from '../ports/transactions.port.js';
import type { Settlement, ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { factsOf } from './work-facts.js';
import { isOfConnection, type ZoneWork } from './zone-work.js';

export type Tell = Pick<Outbox, 'add'>;

/** A wait shorter than this is told to nobody. */
const worthTellingMs = 2_000;

export type Delay = { code: ErrorCode; detail: string | null; delayMs: number; alone?: boolean; attempts?: number };
type Effect<T> = (tx: Sql, now: Date) => Promise<T>;
const nothing = (): Promise<void> => Promise.resolve();

/** The ends of works, in one transaction with their facts; whoever comes second changes nothing. */
export class EndsTogether {
  constructor(private readonly open: { tx: Sql; now: Date }, private readonly works: ZoneWorkStore, private readonly outbox: Tell, private readonly clock: Clock) {}

  /** Ends the work together with what `effect` writes and the facts that it returns. `told`: facts of it that stand, so that they answer a repeated command, too. False where it had ended before. */
  end(work: ZoneWork, outcome: Settlement, effect: Effect<Message[]>, { told = false }: { told?: boolean } = {}): Promise<boolean> {
    const { tx, now } = this.open;
    return withTrace(work.traceparent, async () => {
      // The row first: it locks out a second end, and tells whether there was one.
      const before = await this.works.settle(tx, work, outcome);
      if (before === null) return false;
      const facts = await effect(tx, now);
      await this.works.remember(tx, work, told ? [...before, ...facts] : facts);
      await this.outbox.add(tx, ...facts);
      return true;
    });
  }

  async refuse(work: ZoneWork, code: ErrorCode, detail: string | null, effect: Effect<void> = nothing): Promise<void> {
    await this.end(work, 'refused', async (tx, now) => {
      await effect(tx, now);
      return isOfConnection(work) ? [factsOf(work, this.clock).refused(code, detail)] : [];
    });
  }

  /** A part is done, and the work is taken up again at once for the rest. */
  goOn(work: ZoneWork, effect: Effect<Message[]>): Promise<void> {
    const { tx, now } = this.open;
    return withTrace(work.traceparent, async () => {
      const facts = await effect(tx, now);
      await this.works.postpone(tx, work, 0, { partly: true });
      await this.outbox.add(tx, ...facts);
    });
  }

  /** Tries again after `delayMs`, and tells people why it takes longer; of a work that has ended nothing is told. */
  delay(work: ZoneWork, why: Delay, effect: Effect<void> = nothing): Promise<void> {
    const { tx, now } = this.open;
    return withTrace(work.traceparent, async () => {
      await effect(tx, now);
      const waits = await this.works.postpone(tx, work, why.delayMs, { attempts: why.attempts ?? work.attempts + 1, ...(why.alone === undefined ? {} : { alone: why.alone }) });
      if (!waits || why.delayMs < worthTellingMs || !isOfConnection(work)) return;
      await this.outbox.add(tx, factsOf(work, this.clock).delayed(why.code, why.detail, new Date(now.getTime() + why.delayMs)));
    });
  }
}

/** The same ends, each in its own transaction, or several in one. */
export class WorkEnds {
  constructor(private readonly transactions: Transactions, private readonly works: ZoneWorkStore, private readonly outbox: Tell, readonly clock: Clock) {}

  /** Several works, all or none. */
  together<T>(effect: (ends: EndsTogether, tx: Sql) => Promise<T>): Promise<T> {
    return this.transactions.run((tx, now) => effect(new EndsTogether({ tx, now }, this.works, this.outbox, this.clock), tx));
  }

  end(work: ZoneWork, outcome: Settlement, effect: Effect<Message[]>, options: { told?: boolean } = {}): Promise<boolean> {
    return this.together((ends) => ends.end(work, outcome, effect, options));
  }

  /** The same, under the check that no newer intent came: what is kept would outlive it. False where one came. */
  async endUnlessSuperseded(work: ZoneWork, effect: Effect<Message[]>): Promise<boolean> {
    const isSuperseded = await this.together(async (ends, tx) => {
      if ((await this.works.superseded(tx, [work])).has(work.id)) return true;
      // What a removal told before are its parts in other zones.
      await ends.end(work, 'done', effect, { told: work.kind === 'remove' });
      return false;
    });
    if (isSuperseded) await this.supersede(work);
    return !isSuperseded;
  }

  within<T>(effect: (tx: Sql) => Promise<T>): Promise<T> {
    return this.transactions.run((tx) => effect(tx));
  }

  refuse(work: ZoneWork, code: ErrorCode, detail: string | null): Promise<void> {
    return this.together((ends) => ends.refuse(work, code, detail));
  }

  /** Which of these belong to an older generation by now? Before a write it is asked again, in its transaction. */
  superseded(works: readonly ZoneWork[]): Promise<Set<string>> {
    return this.works.superseded(null, works);
  }

  /** A newer intent replaced it; the gateway knows, so nothing is told. */
  async supersede(work: ZoneWork): Promise<void> {
    await this.end(work, 'superseded', () => Promise.resolve([]));
  }

  /** Takes back, in its transaction, the end of a removal that has something to take away in another zone than this: it waits for that zone. False where there is none. */
  goOnElsewhere(tx: Sql, work: ZoneWork<'remove'>, zoneKey: string): Promise<boolean> {
    return this.works.goOnElsewhere(tx, work, zoneKey);
  }

  delay(work: ZoneWork, why: Delay): Promise<void> {
    return this.together((ends) => ends.delay(work, why));
  }
}
