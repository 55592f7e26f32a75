import { retryAfterOf, type HttpAnswer, type ProviderPorts } from '@connect/adapters';
import { ignoreFailure, isConnectError, type Clock } from '@connect/domain';
import type { Meter, Wait } from '../budget/meter.js';
import { toldLimits } from '../budget/told-limits.js';
import type { CircuitBreaker } from '../circuit/circuit-breaker.js';
import type { CircuitPlace } from '../ports/circuits.port.js';
import type { CallOutcome, Tally } from '../ports/tally.port.js';

export type Call = 'read' | 'write';
export type Guards = { meter: Meter; breaker: CircuitBreaker; circuit: CircuitPlace; tally: Tally; clock: Pick<Clock, 'monotonicMs'> };

/** The ports of a provider with what every call goes through on its way out and back. */
export function guardedPorts(ports: ProviderPorts, guards: Guards): ProviderPorts {
  const { meter, breaker, circuit } = guards;
  const guarded = async <T>(call: Call, signal: AbortSignal, send: () => Promise<T>, outcomeOf: (answer: T) => CallOutcome): Promise<T> => {
    const wait: Wait = async (ms) => {
      await ports.pause(ms, signal);
      return !signal.aborted;
    };
    const isWell = (answer: T): boolean => outcomeOf(answer) !== 'unavailable';
    await breaker.check(circuit);
    return meter.around(call, () => breaker.around(circuit, () => counted(guards, call, send, outcomeOf), { isWell, signal }), wait);
  };
  const answered = (): CallOutcome => 'answered';
  return {
    ...ports,
    http: {
      async request(request, signal) {
        const call = (request.safe ?? request.method === 'GET') ? 'read' : 'write';
        const answer = await guarded(call, signal, () => ports.http.request(request, signal), ({ status }) => outcomeOfStatus(status));
        await heed(answer, call, meter, ports.clock.now());
        return answer;
      },
    },
    dns: {
      query: (...given) => guarded('read', given[3], () => ports.dns.query(...given), answered),
      update: (...given) => guarded('write', given[5], () => ports.dns.update(...given), answered),
      transfer: (...given) => guarded('read', given[3], () => ports.dns.transfer(...given), answered),
    },
  };
}

async function counted<T>({ tally, circuit, clock }: Guards, call: Call, send: () => Promise<T>, outcomeOf: (answer: T) => CallOutcome): Promise<T> {
  const startedAtMs = clock.monotonicMs();
  const count = (outcome: CallOutcome): void => tally.called(circuit.provider, call, outcome, (clock.monotonicMs() - startedAtMs) / 1000);
  try {
    const answer = await send();
    count(outcomeOf(answer));
    return answer;
  } catch (error) {
    count(outcomeOfError(error));
    throw error;
  }
}

/** What an answer says of the budget is for all workers. A 503 that names a time asks for a pause as well (RFC 9110 10.2.3). The call was made: nothing here may make it look as if it had not. */
async function heed({ status, headers }: HttpAnswer, call: Call, meter: Meter, now: Date): Promise<void> {
  const limits = toldLimits(headers, now);
  const retryAfterMs = retryAfterOf(headers, now);
  try {
    if (status === 429) await meter.limited(call, retryAfterMs ?? limits.find(({ remaining }) => remaining === 0)?.resetMs ?? undefined);
    else if (status === 503 && retryAfterMs !== undefined) await meter.limited(call, retryAfterMs);
    else await meter.told(call, limits);
  } catch (error) {
    ignoreFailure(error, 'the database is away; the provider says it again with the next answer');
  }
}

function outcomeOfStatus(status: number): CallOutcome {
  if (status === 429) return 'limited';
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'refused' : 'answered';
}

function outcomeOfError(error: unknown): CallOutcome {
  if (!isConnectError(error)) return 'not_sent';
  if (error.code === 'outcome_unknown') return 'unknown';
  if (error.code === 'provider_unavailable') return 'unavailable';
  return error.code === 'rate_limited' ? 'limited' : 'not_sent';
}
