import type { DataSource } from 'typeorm';
import { Ledger } from './plan/ledger.js';
import type { LedgerStore, WriteIntents } from './ports/records.port.js';
import type { ZoneTurns } from './ports/zone-turns.port.js';
import type { ZoneWorkStore } from './ports/zone-work-store.port.js';

export type StormPorts = { turns: ZoneTurns; works: ZoneWorkStore; intents: WriteIntents; ledger: LedgerStore };
export type Sabotage = (ports: StormPorts, dataSource: DataSource) => StormPorts;

/** Workers with one promise broken each: a storm that does not notice them would not notice us either. */
export const saboteurs = {
  'forgets the writes that a dead worker began': ({ intents, ...ports }) => ({ ...ports, intents: instead(intents, { open: () => Promise.resolve([]) }) }),
  'takes a lost answer for a refusal': ({ intents, ...ports }) => ({ ...ports, intents: instead(intents, { lookLater: async (tx, id) => void (await intents.close(tx, id, 'nothing_sent')) }) }),
  'does not know who shares a value': ({ ledger, ...ports }) => ({
    ...ports,
    ledger: instead(ledger, {
      async load(zoneKey, names, connectionIds) {
        const whole = await ledger.load(zoneKey, names, connectionIds);
        return new Ledger(whole.entries.filter((entry) => connectionIds.includes(entry.connectionId)));
      },
    }),
  }),
  'carries out what a newer intent replaced': ({ works, ...ports }) => ({ ...ports, works: instead(works, { superseded: () => Promise.resolve(new Set()) }) }),
} as const satisfies Record<string, Sabotage>;
export type SaboteurName = keyof typeof saboteurs;

function instead<Port extends object>(port: Port, changed: Partial<Port>): Port {
  return new Proxy(port, {
    get(target, method) {
      const found: unknown = method in changed ? Reflect.get(changed, method) : Reflect.get(target, method);
      return typeof found === 'function' ? (found as (...given: unknown[]) => unknown).bind(target) : found;
    },
  });
}
