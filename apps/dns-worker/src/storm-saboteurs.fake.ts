import { sql } from '@connect/storage';
import type { DataSource } from 'typeorm';
import { Ledger } from './plan/ledger.js';
import type { Budgets } from './ports/budgets.port.js';
import type { Circuits } from './ports/circuits.port.js';
import type { LedgerStore, WriteIntents } from './ports/records.port.js';
import type { ZoneTurns } from './ports/zone-turns.port.js';
import type { ZoneWorkStore } from './ports/zone-work-store.port.js';

export type StormPorts = { turns: ZoneTurns; works: ZoneWorkStore; intents: WriteIntents; ledger: LedgerStore; budgets: Budgets; circuits: Circuits };
export type Sabotage = (ports: StormPorts, worker: { dataSource: DataSource; name: string }) => StormPorts;

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
  'reads a zone at once after a write': ({ turns, ...ports }, { dataSource }) => ({
    ...ports,
    turns: instead(turns, {
      take: async (holder, limit) => (await turns.take(holder, limit)).map((turn) => Object.assign(turn, { isSettled: () => true })),
      release: async ({ zoneKey, holder, fence }) => void (await sql(dataSource.manager, 'UPDATE zone_turn SET holder = NULL, turn_until = NULL WHERE zone_key = $1 AND holder = $2 AND fence = $3', [zoneKey, holder, fence])),
    }),
  }),
  'trusts a turn that it has lost': ({ turns, ...ports }) => ({
    ...ports,
    turns: instead(turns, {
      take: async (holder, limit) => (await turns.take(holder, limit)).map((turn) => Object.assign(turn, { remainingMs: () => 60_000 })),
      hold: async (tx, turn, settleTimeMs) => (await turns.hold(tx, turn, settleTimeMs)) || true,
    }),
  }),
  'does not wait for the last request of its predecessor': ({ turns, ...ports }, { dataSource }) => ({
    ...ports,
    turns: instead(turns, {
      async take(holder, limit) {
        await sql(dataSource.manager, 'UPDATE zone_turn SET quiet_ms = 0');
        return turns.take(holder, limit);
      },
    }),
  }),
  'calls a provider that is known to be down': ({ circuits, ...ports }) => ({ ...ports, circuits: instead(circuits, { open: () => Promise.resolve([]) }) }),
  'pays from a budget of its own': ({ budgets, ...ports }, { name }) => ({
    ...ports,
    budgets: instead(budgets, { draw: (bucket, reserve, least) => budgets.draw({ ...bucket, key: `${bucket.key} ${name}` }, reserve, least) }),
  }),
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
