import type { HttpAnswer, HttpRequest, ProviderPorts } from '@connect/adapters/spi';
import { ProviderError, isConnectError } from '@connect/domain';
import { turnMs } from '../../apps/dns-worker/src/storm-worker.fake.js';
import type { Place } from './places.js';
import type { Scheduler, Task } from './scheduler.js';
import type { Seeded } from './seeded.js';

/** How often what goes wrong, in hundredths: of requests, or of steps where it says so. */
export const kindsOfWeather = {
  calm: {},
  shaky: { limited: 3, refusing: 3, refusing_after: 2, unreachable: 3, lost: 4, cut: 3, page: 1, timeout: 2, late: 3, abandoned: 0.6, hanging: 0.3, database: 0.3, database_after: 0.3, vault: 1, revoked: 1 },
  /** Answers are lost, and workers with them. */
  deadly: { lost: 10, late: 10, timeout: 4, abandoned: 2.5, hanging: 1.5, database_after: 1, refusing_after: 4, revoked: 1 },
  /** The provider is sick; we are well. */
  sick: { limited: 15, refusing: 10, unreachable: 8, cut: 8, page: 4, vault: 3 },
  /** The provider's reads lag behind its writes, as far as its descriptor allows. */
  stale: { stale: 40, lost: 4, late: 4, refusing_after: 2, abandoned: 0.6, hanging: 0.3, database_after: 0.3 },
  /** The provider, or what one of its credentials reaches, is away for minutes. */
  down: { down: 100, lost: 2, abandoned: 0.3, hanging: 0.3, database_after: 0.3 },
  /** Workers hang past the end of their turns, with what they were about to do; and requests are on their way while others take over. */
  overlapping: { overlapping: 6, stopped: 30, lost: 2, late: 2, database_after: 0.3 },
  /** Another writer, who takes away beside our writes what was there when we looked. */
  spoilt: { spoiled: 20, lost: 2, late: 1, abandoned: 0.5, hanging: 0.3, refusing: 2 },
} as const satisfies Record<string, Partial<Record<string, number>>>;
export type Weather = keyof typeof kindsOfWeather;
const ofRequests = ['limited', 'refusing', 'refusing_after', 'unreachable', 'lost', 'cut', 'page', 'timeout', 'late', 'stopped'] as const;
type RequestFault = (typeof ofRequests)[number];

export type Met = Record<string, number>;
type Request = { signal: AbortSignal; credentialId: string };
type Exchanged = { answer: HttpAnswer | ProviderError; waitMs: number; /** Not even the end of its time reaches whoever waits for the answer. */ isDeaf?: boolean };
/** Sees a request arrive at the provider. `leftAtMs`: when the worker let it go. */
export type Sends = (task: Task, request: HttpRequest, send: () => Promise<HttpAnswer>, leftAtMs: number) => Promise<HttpAnswer>;
type Outage = { fromMs: number; untilMs: number; /** Which of the credentials, or all of them. */ of: number | 'all'; how: RequestFault };

/** What goes wrong between the worker and everybody else, as the seed wants it. */
export class Storm {
  readonly met: Met = {};
  private untilMs = 0;
  private outages: Outage[] = [];
  /** In the order in which they were first lent. */
  private readonly credentials: string[] = [];
  private readonly deadlines = new WeakMap<AbortSignal, number>();

  constructor(private readonly random: Seeded, readonly weather: Weather, private readonly scheduler: Scheduler, private readonly place: Place, private readonly nowMs: () => number) {}

  /** From now on for so long. */
  begin(ms: number): void {
    this.untilMs = this.nowMs() + ms;
    if (this.weather === 'down') this.outages = Array.from({ length: this.random.int(1, 3) }, () => this.outage(ms));
  }

  /** A signal that is given when so much time has gone by. */
  deadline(ms: number): AbortSignal {
    const controller = new AbortController();
    this.deadlines.set(controller.signal, this.nowMs() + ms);
    this.scheduler.alarm(this.nowMs() + ms, () => controller.abort(new DOMException('the turn is over', 'TimeoutError')));
    return controller.signal;
  }

  /** It happened. */
  meet(kind: string): void {
    this.met[kind] = (this.met[kind] ?? 0) + 1;
  }

  get isOn(): boolean {
    return this.nowMs() < this.untilMs;
  }

  /** Does it happen now? `kind` is a row of the weather. */
  strikes(kind: string): boolean {
    const often = (kindsOfWeather[this.weather] as Partial<Record<string, number>>)[kind] ?? 0;
    if (!this.isOn || often === 0 || !this.random.chance(often / 100)) return false;
    this.meet(kind);
    return true;
  }

  /** The ports of the real transport, each request a step, its answer another one. `sends` sees each request that arrives at the provider. */
  ports(task: () => Task, credentialId: string, sends: Sends): ProviderPorts {
    const real = this.place.ports(this.place.token);
    const { scheduler } = this;
    return {
      ...real,
      http: {
        request: async (request, signal) => {
          const by = task();
          const isWrite = !(request.safe ?? request.method === 'GET');
          const leftAtMs = this.nowMs();
          const deliver = (given: AbortSignal): Promise<HttpAnswer> => sends(by, request, () => real.http.request(request, given), leftAtMs);
          const { answer, waitMs, isDeaf } = await scheduler.step(by, isWrite ? 'http.write' : 'http.read', () => this.exchange({ signal, credentialId }, isWrite, deliver));
          await scheduler.step(by, 'http.answer', () => Promise.resolve(), { readyAt: this.nowMs() + waitMs, ...(isDeaf === true ? {} : { wakesOn: signal }) });
          if (signal.aborted) throw noAnswer(isWrite);
          if (answer instanceof ProviderError) throw answer;
          return answer;
        },
      },
      pause: (ms, signal) => scheduler.step(task(), 'pause', () => Promise.resolve(), { readyAt: this.nowMs() + ms, wakesOn: signal }),
    };
  }

  /** A request that is on its way when its sender gives up, or died. */
  deliverLate(name: string, deliver: (signal: AbortSignal) => Promise<HttpAnswer>, inMs: number): void {
    const at = this.nowMs() + Math.floor(inMs);
    this.scheduler.spawn(name, async (task) => {
      await this.scheduler.wait(task, at, 'late');
      await this.scheduler.step(task, 'http.late', () => deliver(new AbortController().signal).then(() => undefined, () => undefined));
    });
  }

  private async exchange({ signal, credentialId }: Request, isWrite: boolean, deliver: (signal: AbortSignal) => Promise<HttpAnswer>): Promise<Exchanged> {
    const { callTimeoutMs, settleTimeMs } = this.place.provider.descriptor;
    const outage = this.outageOf(credentialId);
    const fault = signal.aborted ? undefined : (outage ?? ofRequests.find((kind) => this.strikes(kind)));
    const quickMs = this.random.int(20, 300);
    if (fault === 'timeout') return { answer: noAnswer(isWrite), waitMs: callTimeoutMs };
    // The worker stands still: its request leaves before its time is up, arrives within the time of a call and the settle time, and nobody hears the answer. Once it
    // goes on it gives up, and as after every such end nothing arrives later than the settle time.
    if (fault === 'stopped' && isWrite) {
      const leavesInMs = this.random.int(0, Math.max(0, (this.deadlines.get(signal) ?? 0) - this.nowMs() - 1));
      const soonness = this.random.next();
      const waitMs = this.random.int(turnMs, 5 * turnMs);
      this.deliverLate('request of a stopped worker', deliver, soonness * Math.min(leavesInMs + callTimeoutMs + settleTimeMs - 1, waitMs + settleTimeMs - 1));
      return { answer: noAnswer(true), waitMs, isDeaf: true };
    }
    if (fault === 'late' && isWrite) {
      const givenUpMs = this.random.pick([quickMs, callTimeoutMs]);
      this.deliverLate('late request', deliver, this.random.next() * Math.max(1, givenUpMs + settleTimeMs - 1));
      return { answer: noAnswer(true), waitMs: givenUpMs };
    }
    this.prepare(fault);
    const answer = await deliver(signal).catch((error: unknown) => {
      if (isConnectError(error) && error instanceof ProviderError) return error;
      throw error;
    });
    return { answer: fault === 'refusing_after' ? broken(answer) : fault === 'page' ? shortened(answer) : answer, waitMs: quickMs };
  }

  private outage(withinMs: number): Outage {
    const fromMs = this.nowMs() + this.random.int(0, withinMs / 2);
    return { fromMs, untilMs: fromMs + this.random.int(1, 15) * 60_000, of: this.random.pick(['all', 'all', 0, 1]), how: this.random.pick(['unreachable', 'refusing', 'timeout']) };
  }

  private outageOf(credentialId: string): RequestFault | undefined {
    if (!this.credentials.includes(credentialId)) this.credentials.push(credentialId);
    const at = this.nowMs();
    const found = this.outages.find(({ fromMs, untilMs, of }) => fromMs <= at && at < untilMs && (of === 'all' || this.credentials[of] === credentialId));
    if (found !== undefined) this.meet('down');
    return found?.how;
  }

  private prepare(fault: RequestFault | undefined): void {
    if (fault === 'limited') this.place.fail({ status: this.place.name === 'namecheap' ? 405 : 429, headers: { 'retry-after': String(this.random.int(1, 20)) }, text: '{}' });
    if (fault === 'refusing') this.place.fail({ status: this.random.pick([500, 502, 503]), headers: { 'content-type': 'text/html' }, text: '<html>Bad Gateway</html>' });
    if (fault === 'unreachable' || fault === 'lost' || fault === 'cut') this.place.fail(fault);
  }
}

function noAnswer(isWrite: boolean): ProviderError {
  return new ProviderError(isWrite ? 'outcome_unknown' : 'provider_unavailable', { detail: 'no answer in time' });
}

/** The request was carried out, and something between us answered for the provider. */
function broken(answer: HttpAnswer | ProviderError): HttpAnswer | ProviderError {
  return answer instanceof ProviderError ? answer : textAnswer(answer, 502, '<html>Bad Gateway</html>');
}

/** A list with an item less than it says to have. Where a list says nothing of its length nobody could tell. */
function shortened(answer: HttpAnswer | ProviderError): HttpAnswer | ProviderError {
  if (answer instanceof ProviderError || !/"(result|domain_records)":\[/.test(answer.text)) return answer;
  const body = JSON.parse(answer.text) as Record<'result' | 'domain_records', unknown>;
  const key = 'result' in body ? 'result' : 'domain_records';
  if (!Array.isArray(body[key]) || body[key].length === 0) return answer;
  return textAnswer(answer, answer.status, JSON.stringify({ ...body, [key]: body[key].slice(0, -1) }));
}

function textAnswer({ headers }: HttpAnswer, status: number, text: string): HttpAnswer {
  return {
    status, headers, text,
    json() {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new ProviderError('provider_protocol', { detail: 'the answer is not JSON' });
      }
    },
  };
}
