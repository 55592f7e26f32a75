import { createHmac } from 'node:crypto';
import { openProvider, providerById, type Provider, type ProviderTransport } from '@connect/adapters';
import type { ProviderAdapter, ProviderDescriptor } from '@connect/adapters/spi';
import type { Clock, Secret } from '@connect/domain';
import { bucketsOf } from '../budget/buckets.js';
import { Meter } from '../budget/meter.js';
import { Purse } from '../budget/purse.js';
import { CircuitBreaker } from '../circuit/circuit-breaker.js';
import type { Budgets } from '../ports/budgets.port.js';
import type { Circuits } from '../ports/circuits.port.js';
import type { OpenedProvider, ProviderDoor } from '../ports/provider-door.port.js';
import { noTally, type Tally } from '../ports/tally.port.js';
import type { Lane } from '../zone-work/zone-work.js';
import { guardedPorts, type Call } from './guarded-ports.js';

export type ProviderDoorSettings = { budgetSecret: Secret<string>; clock: Pick<Clock, 'monotonicMs'>; /** Default: the registry of the house. */ find?: (id: string) => Provider; tally?: Tally };

/** What all workers share about providers. */
export type SharedState = { budgets: Budgets; circuits: Circuits };

/** The real providers, each call guarded at the ports through which it leaves: paid from the budget, kept back while the provider does not answer, counted. */
export class AdapterProviderDoor implements ProviderDoor {
  private readonly find: (id: string) => Provider;
  private readonly purse: Purse;
  private readonly breaker: CircuitBreaker;

  constructor(private readonly transport: ProviderTransport, private readonly shared: SharedState, private readonly settings: ProviderDoorSettings) {
    this.find = settings.find ?? providerById;
    this.purse = new Purse(settings.clock);
    this.breaker = new CircuitBreaker(shared.circuits, settings.clock);
  }

  describe(provider: string): ProviderDescriptor {
    return this.find(provider).descriptor;
  }

  open(id: string, credential: Secret<string>, { lane, zoneId }: { lane: Lane; zoneId: string | null }): OpenedProvider {
    const provider = this.find(id);
    const meter = new Meter(this.shared.budgets, bucketsOf(provider.descriptor, { token: credential, zoneId }, this.settings.budgetSecret), lane, this.purse, zoneId === null ? 'errand' : 'turn');
    const place = this.placeOf(provider, credential);
    const circuit = { key: place === '' ? id : `${id} ${place}`, provider: id };
    const ports = guardedPorts(this.transport.portsFor(provider, credential), { meter, breaker: this.breaker, circuit, tally: this.settings.tally ?? noTally, clock: this.settings.clock });
    return { adapter: toldTo(meter, openProvider(provider, credential, ports)), place };
  }

  private placeOf(provider: Provider, credential: Secret<string>): string {
    const servers = provider.serversOf(credential).map(({ host, port }) => `${host.toLowerCase()}:${port}`).sort();
    if (servers.length === 0) return '';
    return this.settings.budgetSecret.open((key) => createHmac('sha256', key).update(`place ${servers.join(' ')}`).digest('hex').slice(0, 16));
  }
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
