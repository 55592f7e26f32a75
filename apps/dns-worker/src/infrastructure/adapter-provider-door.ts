import { createHmac } from 'node:crypto';
import { openProvider, providerById, retryAfterOf, type HttpAnswer, type Provider, type ProviderPorts, type ProviderTransport } from '@connect/adapters';
import type { ProviderAdapter, ProviderDescriptor } from '@connect/adapters/spi';
import type { Clock, Secret } from '@connect/domain';
import { bucketsOf } from '../budget/buckets.js';
import { Meter, type Wait } from '../budget/meter.js';
import { Purse } from '../budget/purse.js';
import { toldLimits } from '../budget/told-limits.js';
import type { Budgets } from '../ports/budgets.port.js';
import type { OpenedProvider, ProviderDoor } from '../ports/provider-door.port.js';
import type { Lane } from '../zone-work/zone-work.js';

export type ProviderDoorSettings = { budgetSecret: Secret<string>; clock: Pick<Clock, 'monotonicMs'>; /** Default: the registry of the house. */ find?: (id: string) => Provider };

type Call = 'read' | 'write';

/** The real providers, each call metered at the ports through which it leaves. */
export class AdapterProviderDoor implements ProviderDoor {
  private readonly find: (id: string) => Provider;
  private readonly purse: Purse;

  constructor(private readonly transport: ProviderTransport, private readonly budgets: Budgets, private readonly settings: ProviderDoorSettings) {
    this.find = settings.find ?? providerById;
    this.purse = new Purse(settings.clock);
  }

  describe(provider: string): ProviderDescriptor {
    return this.find(provider).descriptor;
  }

  open(id: string, credential: Secret<string>, { lane, zoneId }: { lane: Lane; zoneId: string | null }): OpenedProvider {
    const provider = this.find(id);
    const meter = new Meter(this.budgets, bucketsOf(provider.descriptor, { token: credential, zoneId }, this.settings.budgetSecret), lane, this.purse, zoneId === null ? 'errand' : 'turn');
    return { adapter: toldTo(meter, openProvider(provider, credential, metered(this.transport.portsFor(provider, credential), meter))), place: this.placeOf(provider, credential) };
  }

  private placeOf(provider: Provider, credential: Secret<string>): string {
    const servers = provider.serversOf(credential).map(({ host, port }) => `${host.toLowerCase()}:${port}`).sort();
    if (servers.length === 0) return '';
    return this.settings.budgetSecret.open((key) => createHmac('sha256', key).update(`place ${servers.join(' ')}`).digest('hex').slice(0, 16));
  }
}

function metered(ports: ProviderPorts, meter: Meter): ProviderPorts {
  const waitUnder = (signal: AbortSignal): Wait => async (ms) => {
    await ports.pause(ms, signal);
    return !signal.aborted;
  };
  return {
    ...ports,
    http: {
      async request(request, signal) {
        const call = (request.safe ?? request.method === 'GET') ? 'read' : 'write';
        const answer = await meter.around(call, () => ports.http.request(request, signal), waitUnder(signal));
        await heed(answer, call, meter, ports.clock.now());
        return answer;
      },
    },
    dns: {
      query: (...given) => meter.around('read', () => ports.dns.query(...given), waitUnder(given[3])),
      update: (...given) => meter.around('write', () => ports.dns.update(...given), waitUnder(given[5])),
      transfer: (...given) => meter.around('read', () => ports.dns.transfer(...given), waitUnder(given[3])),
    },
  };
}

/** What an answer says of the budget is for all workers. A 503 that names a time asks for a pause as well (RFC 9110 10.2.3). */
async function heed({ status, headers }: HttpAnswer, call: Call, meter: Meter, now: Date): Promise<void> {
  const limits = toldLimits(headers, now);
  const retryAfterMs = retryAfterOf(headers, now);
  if (status === 429) await meter.limited(call, retryAfterMs ?? limits.find(({ remaining }) => remaining === 0)?.resetMs ?? undefined);
  else if (status === 503 && retryAfterMs !== undefined) await meter.limited(call, retryAfterMs);
  else await meter.told(call, limits);
}

/** Some providers say "too many" in a way that only their adapter can read. */
function toldTo(meter: Meter, adapter: ProviderAdapter): ProviderAdapter {
  const heard = (call: Call) => async (error: unknown): Promise<never> => {
    await meter.toldByAdapter(call, error);
    throw error;
  };
  return {
    checkCredential: (...given) => adapter.checkCredential(...given).catch(heard('read')),
    findZone: (...given) => adapter.findZone(...given).catch(heard('read')),
    getRecordSets: (...given) => adapter.getRecordSets(...given).catch(heard('read')),
    applyChanges: (...given) => adapter.applyChanges(...given).catch(heard('write')),
  };
}
