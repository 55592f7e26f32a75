import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConnectError, type ErrorCode } from '@connect/domain';
import { createLogger } from '@connect/observability';
import { ackWaitMs } from '../bus/provision-bus.js';
import { dead, done, later, type Outcome } from '../outcome.js';
import { deliveriesOfUnknownErrors, Settler, type Settleable } from './settler.js';

type Told = [what: string, more?: unknown];

/** A delivery that remembers what the bus was told about it. */
function delivery(count = 1): Settleable & { told: Told[] } {
  const told: Told[] = [];
  return {
    told, subject: 'cmd.dns.apply-connection', seq: 7,
    info: { stream: 'COMMANDS', consumer: 'dns-commands', deliveryCount: count, redelivered: count > 1, streamSequence: 7, deliverySequence: count, timestampNanos: 0, pending: 0, domain: '', account_hash: '' },
    ack: () => void told.push(['ack']), nak: (delayMs) => void told.push(['nak', delayMs]), working: () => void told.push(['working']), term: (...reason) => void told.push(['term', ...reason]),
  };
}

/** A database that keeps dead letters, or is away. */
function graveyard(): { buried: [ErrorCode, string | null][]; isAway: boolean; bury(message: Settleable & { told?: Told[] }, code: ErrorCode, detail: string | null): Promise<void> } {
  return {
    buried: [], isAway: false,
    async bury(message, code, detail) {
      message.told?.push(['buried']);
      if (this.isAway) throw new ConnectError('unavailable');
      this.buried.push([code, detail]);
    },
  };
}

const log = createLogger({ service: 'spec', level: 'silent' });
let graves: ReturnType<typeof graveyard>;
let settler: Settler<ReturnType<typeof delivery>>;

beforeEach(() => {
  jest.useFakeTimers();
  graves = graveyard();
  settler = new Settler<ReturnType<typeof delivery>>(graves, log);
});
afterEach(() => {
  settler.close();
  jest.useRealTimers();
});

async function settled(message: ReturnType<typeof delivery>, handle: () => Promise<Outcome>): Promise<Told[]> {
  await settler.settle(message, handle);
  return message.told;
}
function throwing(error: unknown): () => Promise<Outcome> {
  return async () => { throw error; };
}

describe('a delivery', () => {
  it('ends as its outcome says', async () => {
    expect(await settled(delivery(), async () => done())).toEqual([['ack']]);
    expect(await settled(delivery(), async () => later({ delayMs: 1_234.4, reason: 'not yet' }))).toEqual([['nak', 1_234]]);
    expect(await settled(delivery(), async () => dead({ code: 'unsupported', detail: 'why' }))).toEqual([['buried'], ['term']]);
    expect(graves.buried).toEqual([['unsupported', 'why']]);
  });

  it('is never given back without a delay, which the bus would take for "at once, and for ever"', async () => {
    expect(await settled(delivery(), async () => later({ delayMs: 0, reason: 'soon' }))).toEqual([['nak', 1]]);
  });

  it('is not ended while its dead letter cannot be stored', async () => {
    graves.isAway = true;

    expect(await settled(delivery(), async () => dead({ code: 'unsupported' }))).toEqual([['buried'], ['nak', expect.any(Number)]]);
  });

  it.each([['seal_broken', 'term'], ['rate_limited', 'nak'], ['unavailable', 'nak']] as const)('that failed with %s ends with a %s, by the catalogue', async (code, end) => {
    expect((await settled(delivery(100), throwing(new ConnectError(code)))).at(-1)?.[0]).toBe(end);
  });

  it('comes back when the error says', async () => {
    expect(await settled(delivery(), throwing(new ConnectError('rate_limited', { retryAfterMs: 4_000 })))).toEqual([['nak', 4_000]]);
  });

  it.each([['a fault', new TypeError('x')], ['a fault of ours', new ConnectError('internal')], ['no error at all', 'text']])('that failed with %s is tried again, and at last dead', async (_, error) => {
    expect((await settled(delivery(deliveriesOfUnknownErrors - 1), throwing(error)))[0]?.[0]).toBe('nak');
    expect(await settled(delivery(deliveriesOfUnknownErrors), throwing(error))).toEqual([['buried'], ['term']]);
  });

  it('that takes long is said to be under way twice before the bus would deliver it again, until it ends', async () => {
    const message = delivery();
    let finish = (_: Outcome): void => {};
    const ended = settler.settle(message, () => new Promise((resolve) => { finish = resolve; }));

    jest.advanceTimersByTime(ackWaitMs * 0.9);
    const before = [...message.told];
    finish(done());
    await ended;
    jest.advanceTimersByTime(60_000);

    expect(before).toEqual([['working'], ['working']]);
    expect(message.told).toEqual([['working'], ['working'], ['ack']]);
  });
});
