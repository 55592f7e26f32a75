import type { HttpRequest, ProviderDescriptor, ProviderLimit, ProviderPorts } from '@connect/adapters/spi';
import type { Circuits } from '../../apps/dns-worker/src/storm-worker.fake.js';
import type { Task } from './scheduler.js';

/** How old a worker's knowledge of an open circuit may be when it sends, and the little time that a statement takes. */
const knownForMs = 600;
type Arrival = { token: string; call: 'read' | 'write'; leftAtMs: number };

/** Stands at the provider's door: who comes while it is known to be closed, and whether all together come too often (P9). */
export class DoorWatch {
  private readonly knocks: string[] = [];
  private readonly arrivals: Arrival[] = [];
  /** Who may send the one call that shows whether the provider is well again. */
  private readonly probes = new WeakSet<Task>();
  private openSinceMs: number | null = null;

  constructor(private readonly descriptor: ProviderDescriptor, private readonly nowMs: () => number, private readonly meet: (kind: string) => void) {}

  /** The worker's circuits, and what becomes of them. */
  watched(task: Task, circuits: Circuits): Circuits {
    return {
      open: () => circuits.open(),
      list: () => circuits.list(),
      trip: async (place, code) => {
        await circuits.trip(place, code);
        if (this.openSinceMs === null) this.meet('circuit opened');
        this.openSinceMs ??= this.nowMs();
      },
      probe: async (place, withinMs) => {
        const isProbe = await circuits.probe(place, withinMs);
        if (isProbe) this.probes.add(task);
        return isProbe;
      },
      close: async (place) => {
        await circuits.close(place);
        if (this.openSinceMs !== null) this.meet('circuit closed');
        this.openSinceMs = null;
      },
    };
  }

  /** The ports of one worker, each request seen as it leaves. */
  guard(task: Task, ports: ProviderPorts): ProviderPorts {
    return { ...ports, http: { request: (request, signal) => {
      const isProbe = this.probes.delete(task);
      if (!isProbe && this.openSinceMs !== null && this.openSinceMs < this.nowMs() - knownForMs) this.knocks.push(`a request left for a provider that was known to be down for ${this.nowMs() - this.openSinceMs} ms`);
      return ports.http.request(request, signal);
    } } };
  }

  /** `leftAtMs`: what hangs on its way is counted when it left. */
  arrived(token: string, { method, safe }: HttpRequest, leftAtMs: number): void {
    this.arrivals.push({ token, call: (safe ?? method === 'GET') ? 'read' : 'write', leftAtMs });
  }

  findings(): string[] {
    return [...this.knocks.splice(0), ...this.descriptor.limits.flatMap((limit) => [...this.counted(limit)].flatMap((times) => overrun(limit, times)))];
  }

  /** What the provider counts together, as its times. A run has one zone and one address. */
  private counted({ scope, calls }: ProviderLimit): Iterable<number[]> {
    const byScope = new Map<string, number[]>();
    for (const { token, call, leftAtMs } of this.arrivals) {
      if (calls !== 'all' && calls !== call) continue;
      const key = scope === 'zone' || scope === 'address' ? '' : token;
      byScope.set(key, [...(byScope.get(key) ?? []), leftAtMs]);
    }
    return byScope.values();
  }
}

function overrun({ scope, calls, amount, windowSeconds }: ProviderLimit, times: readonly number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  const most = Math.max(0, ...sorted.map((end) => sorted.filter((at) => at > end - windowSeconds * 1000 && at <= end).length));
  return most <= amount ? [] : [`${most} calls in ${windowSeconds} s, and the provider allows ${amount} (${calls}, by ${scope})`];
}
