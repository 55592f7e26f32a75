import type { HttpAnswer, HttpRequest, ProviderPorts } from '@connect/adapters/spi';
import { ProviderError, isConnectError } from '@connect/domain';
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
  /** Another writer, who takes away beside our writes what was there when we looked. */
  spoilt: { spoiled: 20, lost: 2, late: 1, abandoned: 0.5, hanging: 0.3, refusing: 2 },
} as const satisfies Record<string, Partial<Record<string, number>>>;
export type Weather = keyof typeof kindsOfWeather;
const ofRequests = ['limited', 'refusing', 'refusing_after', 'unreachable', 'lost', 'cut', 'page', 'timeout', 'late'] as const;
type RequestFault = (typeof ofRequests)[number];

export type Met = Record<string, number>;
type Request = { request: HttpRequest; signal: AbortSignal };

/** What goes wrong between the worker and everybody else, as the seed wants it. */
export class Storm {
  readonly met: Met = {};
  private untilMs = 0;

  constructor(private readonly random: Seeded, readonly weather: Weather, private readonly scheduler: Scheduler, private readonly place: Place, private readonly nowMs: () => number) {}

  /** From now on for so long. */
  begin(ms: number): void {
    this.untilMs = this.nowMs() + ms;
  }

  get isOn(): boolean {
    return this.nowMs() < this.untilMs;
  }

  /** Does it happen now? `kind` is a row of the weather. */
  strikes(kind: string): boolean {
    const often = (kindsOfWeather[this.weather] as Partial<Record<string, number>>)[kind] ?? 0;
    if (!this.isOn || often === 0 || !this.random.chance(often / 100)) return false;
    this.met[kind] = (this.met[kind] ?? 0) + 1;
    return true;
  }

  /** The ports of the real transport, each request a step, its answer another one. `sends` sees each request that arrives at the provider. */
  ports(task: () => Task, sends: (task: Task, request: HttpRequest, send: () => Promise<HttpAnswer>) => Promise<HttpAnswer>): ProviderPorts {
    const real = this.place.ports(this.place.token);
    const { scheduler } = this;
    return {
      ...real,
      http: {
        request: async (request, signal) => {
          const by = task();
          const isWrite = !(request.safe ?? request.method === 'GET');
          const deliver = (given: AbortSignal): Promise<HttpAnswer> => sends(by, request, () => real.http.request(request, given));
          const { answer, waitMs } = await scheduler.step(by, isWrite ? 'http.write' : 'http.read', () => this.exchange({ request, signal }, isWrite, deliver));
          await scheduler.step(by, 'http.answer', () => Promise.resolve(), { readyAt: this.nowMs() + waitMs, wakesOn: signal });
          if (signal.aborted) throw noAnswer(isWrite);
          if (answer instanceof ProviderError) throw answer;
          return answer;
        },
      },
      pause: (ms, signal) => scheduler.step(task(), 'pause', () => Promise.resolve(), { readyAt: this.nowMs() + ms, wakesOn: signal }),
    };
  }

  /** A request that was on its way when its sender gave up, or died. */
  deliverLate(name: string, deliver: (signal: AbortSignal) => Promise<HttpAnswer>, withinMs: number): void {
    const at = this.nowMs() + Math.floor(this.random.next() * withinMs);
    this.scheduler.spawn(name, async (task) => {
      await this.scheduler.wait(task, at, 'late');
      await this.scheduler.step(task, 'http.late', () => deliver(new AbortController().signal).then(() => undefined, () => undefined));
    });
  }

  private async exchange({ signal }: Request, isWrite: boolean, deliver: (signal: AbortSignal) => Promise<HttpAnswer>): Promise<{ answer: HttpAnswer | ProviderError; waitMs: number }> {
    const { callTimeoutMs, settleTimeMs } = this.place.provider.descriptor;
    const fault = signal.aborted ? undefined : ofRequests.find((kind) => this.strikes(kind));
    const quickMs = this.random.int(20, 300);
    if (fault === 'timeout') return { answer: noAnswer(isWrite), waitMs: callTimeoutMs };
    if (fault === 'late' && isWrite) {
      const givenUpMs = this.random.pick([quickMs, callTimeoutMs]);
      this.deliverLate('late request', deliver, Math.max(1, givenUpMs + settleTimeMs - 1));
      return { answer: noAnswer(true), waitMs: givenUpMs };
    }
    this.prepare(fault);
    const answer = await deliver(signal).catch((error: unknown) => {
      if (isConnectError(error) && error instanceof ProviderError) return error;
      throw error;
    });
    return { answer: fault === 'refusing_after' ? broken(answer) : fault === 'page' ? shortened(answer) : answer, waitMs: quickMs };
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
