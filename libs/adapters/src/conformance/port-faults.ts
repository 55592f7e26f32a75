import { ProviderError } from '@connect/domain';
import type { HttpAnswer, HttpRequest, ProviderPorts } from '../spi/index.js';

/** Everything that goes out through the ports, so that a case can say "nothing was sent". */
export type Sent = { write: boolean; url: string | null };
type Ports = (ports: ProviderPorts) => ProviderPorts;
type Around = (sent: Sent, send: () => Promise<unknown>) => Promise<unknown>;

/** Puts something around every call that goes out. A call is a write if it may change the zone. */
function around(wrap: Around): Ports {
  return (ports) => ({
    ...ports,
    http: {
      request: async (request, signal) => (await wrap({ write: isWrite(request), url: request.url }, () => ports.http.request(request, signal))) as HttpAnswer,
    },
    dns: {
      query: async (...args) => (await wrap({ write: false, url: null }, () => ports.dns.query(...args))) as Awaited<ReturnType<typeof ports.dns.query>>,
      update: async (...args) => (await wrap({ write: args[3].length > 0, url: null }, () => ports.dns.update(...args))) as Awaited<ReturnType<typeof ports.dns.update>>,
      transfer: async (...args) => (await wrap({ write: false, url: null }, () => ports.dns.transfer(...args))) as Awaited<ReturnType<typeof ports.dns.transfer>>,
    },
  });
}

function isWrite(request: HttpRequest): boolean {
  return !(request.safe ?? request.method === 'GET');
}

/** Writes down what goes out. */
export function recording(sent: Sent[]): Ports {
  return around((call, send) => {
    sent.push(call);
    return send();
  });
}

/** Every write is carried out and its answer lost. */
export const losingAnswers: Ports = around(async ({ write }, send) => {
  const answer = await send();
  if (write) throw new ProviderError('outcome_unknown', { detail: 'the answer was lost' });
  return answer;
});

/** Every write is lost on its way, and nobody can tell. */
export const losingRequests: Ports = around(async ({ write }, send) => {
  if (write) throw new ProviderError('outcome_unknown', { detail: 'the answer was lost' });
  return send();
});

export const unreachable: Ports = around(() => Promise.reject(new ProviderError('provider_unavailable', { detail: 'nobody answers' })));

/** Just before a write something else happens. */
export function beforeEachWrite(happens: () => Promise<void> | void): Ports {
  return around(async ({ write }, send) => {
    if (write) await happens();
    return send();
  });
}

export function beforeEachRead(happens: () => Promise<void> | void): Ports {
  return around(async ({ write }, send) => {
    if (!write) await happens();
    return send();
  });
}

/** HTTP answers of somebody who is not well; `only` leaves the other calls alone. */
export function answering(answer: { status: number; headers?: Record<string, string>; text: string }, only: 'reads' | 'writes' | 'all' = 'all'): Ports {
  return (ports) => ({
    ...ports,
    http: {
      request: (request, signal) => {
        const isMeant = only === 'all' || (only === 'writes') === isWrite(request);
        return isMeant ? Promise.resolve(httpAnswer(answer)) : ports.http.request(request, signal);
      },
    },
  });
}

export function httpAnswer({ status, headers = {}, text }: { status: number; headers?: Record<string, string>; text: string }): HttpAnswer {
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

/** The clock of the ports, moved on between reading and writing. */
export function movedClock(aheadMs: () => number): Ports {
  return (ports) => ({ ...ports, clock: { now: () => new Date(ports.clock.now().getTime() + aheadMs()) } });
}
