import 'reflect-metadata';
import type { ProviderTransport } from '@connect/adapters/transport';
import type { Message } from '@connect/contracts';
import { movableClock, secret } from '@connect/domain';
import { Inbox, Outbox, RelayNudge } from '@connect/messaging';
import type { Logger } from '@connect/observability';
import { createDataSource, migrate, sql } from '@connect/storage';
import { testDatabase, type TestDatabase } from '@connect/testing';
import { DataSource } from 'typeorm';
import { assembleStories } from './assemble-worker.js';
import { dnsWorker } from './dns-worker.module.js';
import { AdapterProviderDoor } from './infrastructure/adapter-provider-door.js';
import { PostgresBudgets } from './infrastructure/postgres-budgets.store.js';
import { PostgresCircuits } from './infrastructure/postgres-circuits.store.js';
import { PostgresErrands } from './infrastructure/postgres-errands.store.js';
import { PostgresKnownZones } from './infrastructure/postgres-known-zones.store.js';
import { PostgresLedger } from './infrastructure/postgres-ledger.store.js';
import { PostgresLooks } from './infrastructure/postgres-looks.store.js';
import { PostgresPlans } from './infrastructure/postgres-plans.store.js';
import { PostgresReceipts } from './infrastructure/postgres-receipts.store.js';
import { PostgresTransactions } from './infrastructure/postgres-transactions.js';
import { PostgresWriteFreezes } from './infrastructure/postgres-write-freezes.store.js';
import { PostgresWriteIntents } from './infrastructure/postgres-write-intents.store.js';
import { PostgresZoneTurns } from './infrastructure/postgres-zone-turns.store.js';
import { PostgresZoneWorkStore } from './infrastructure/postgres-zone-work.store.js';
import { noCrash } from './ports/crash-points.port.js';
import type { Circuits } from './ports/circuits.port.js';
import type { Credentials } from './ports/provider-door.port.js';
import { noTally } from './ports/tally.port.js';
import { turnMs } from './ports/zone-turns.port.js';
import { saboteurs, type Sabotage, type SaboteurName } from './storm-saboteurs.fake.js';
import { newWork } from './zone-work/new-work.js';
import { TakeCommand } from './zone-work/take-command.use-case.js';
import type { WorkCommand } from './zone-work/zone-work.js';

export { turnMs, type Circuits };

const schema = 'dns_worker';
const written = ['write_intent', 'ledger', 'receipt', 'change_plan', 'zone_work', 'zone_turn', 'known_zone', 'connection_generation', 'outbox', 'inbox', 'budget', 'provider_circuit', 'write_freeze'];

/** A call to a port, about to be made: whoever schedules decides when, and whether at all. */
export type Step = <T>(what: string, call: () => Promise<T>) => Promise<T>;

/** Where a command of the gateway stands after all. */
export type WorkEnd = { connection_id: string; generation: number; kind: string; state: 'waiting' | 'done' | 'refused' | 'superseded'; facts: Message[]; attempts: number };

export type StormWorkerParts = { name: string; step: Step; transport: ProviderTransport; log: Logger; random: () => number; deadline: (ms: number) => AbortSignal; /** The token as the vault has it now. */ lend: (credentialId: string) => string; /** Sees what becomes of the circuits. */ watch: (circuits: Circuits) => Circuits; saboteur?: SaboteurName };

/**
 * The dns-worker's own database on a real Postgres, in which time stands still until it is moved: `now()` and `clock_timestamp()` of its schema come
 * before those of Postgres, for statements and for column defaults alike.
 */
export class StormDatabase {
  clock = movableClock();
  private shownMs = Number.NaN;
  private readonly outbox = new Outbox(new RelayNudge());

  private constructor(private readonly database: TestDatabase, private readonly dataSource: DataSource) {}

  static async open(): Promise<StormDatabase> {
    const database = await testDatabase();
    await database.query(`CREATE SCHEMA ${schema}`);
    await database.query(`CREATE SEQUENCE ${schema}.present_ms MINVALUE 0`);
    for (const name of ['now', 'clock_timestamp']) {
      await database.query(`CREATE FUNCTION ${schema}.${name}() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT to_timestamp((SELECT last_value FROM ${schema}.present_ms) / 1000.0)'`);
    }
    const plain = createDataSource({ url: secret(database.url), schema, migrations: dnsWorker.database.migrations, applicationName: 'storm', poolSize: 2 });
    const shadowed = await new DataSource({ ...plain.options, extra: { max: 2, options: `-c search_path=${schema},pg_catalog -c synchronous_commit=off` } } as typeof plain.options).initialize();
    await migrate(shadowed);
    return new StormDatabase(database, shadowed);
  }

  /** Postgres is told the time before it is asked anything. */
  async showTime(): Promise<void> {
    const nowMs = this.clock.now().getTime();
    if (nowMs === this.shownMs) return;
    this.shownMs = nowMs;
    await this.query('SELECT setval($1, $2)', [`${schema}.present_ms`, nowMs]);
  }

  query<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return sql<Row>(this.dataSource.manager, text, parameters);
  }

  /** As the transport hands a command over; may be repeated. */
  async take(message: Message, command: WorkCommand, lane: 0 | 1 | 2): Promise<void> {
    const take = new TakeCommand(new PostgresTransactions(this.dataSource), new Inbox(), new PostgresZoneWorkStore(this.dataSource), this.outbox, { nudge: () => undefined });
    await take.run('storm', newWork(message, command, lane, command.kind));
  }

  /** All facts about these connections, in their order. */
  async facts(connectionIds: readonly string[]): Promise<Message[]> {
    const rows = await this.query<{ envelope: Message }>(`SELECT envelope FROM outbox WHERE envelope->>'connection_id' = ANY($1) ORDER BY id`, [connectionIds]);
    return rows.map(({ envelope }) => envelope);
  }

  async ends(connectionIds: readonly string[]): Promise<WorkEnd[]> {
    return this.query<WorkEnd>('SELECT connection_id, generation, kind, state, facts, attempts FROM zone_work WHERE connection_id = ANY($1) ORDER BY connection_id, generation', [connectionIds]);
  }

  /** When the next thing can be taken up, in epoch milliseconds, or null where nothing waits. */
  async nextDueMs(): Promise<number | null> {
    const [row] = await this.query<{ at: number | null }>(
      `SELECT (extract(epoch FROM min(CASE WHEN zone_work.zone_key IS NULL THEN greatest(due_at, claimed_until)
         ELSE greatest(due_at, not_before, CASE WHEN holder IS NULL THEN NULL ELSE turn_until + quiet_ms * interval '1 millisecond' END) END)) * 1000)::float AS at
       FROM zone_work LEFT JOIN zone_turn USING (zone_key) WHERE state = 'waiting'`,
    );
    return row?.at ?? null;
  }

  /** What a run leaves is not the next one's business: neither its rows, nor where they lay, nor the time. */
  async clear(): Promise<void> {
    await this.dataSource.query(`TRUNCATE ${written.join(', ')}`);
    this.clock = movableClock();
    this.shownMs = Number.NaN;
  }

  /** One worker without its loop: takes what is due, once. False where nothing was. Throws where a crash of the database ends it; then nothing is given back. */
  worker(parts: StormWorkerParts): () => Promise<boolean> {
    const { step } = parts;
    const port = <Port extends object>(name: string, given: Port): Port => stepping(given, name, step);
    const sabotage: Sabotage = parts.saboteur === undefined ? (same) => same : saboteurs[parts.saboteur];
    const real = sabotage({
      turns: new PostgresZoneTurns(this.dataSource, this.clock), works: new PostgresZoneWorkStore(this.dataSource), intents: new PostgresWriteIntents(this.dataSource), ledger: new PostgresLedger(this.dataSource),
      budgets: new PostgresBudgets(this.dataSource), circuits: parts.watch(new PostgresCircuits(this.dataSource)),
    }, { dataSource: this.dataSource, name: parts.name });
    const turns = port('turns', real.turns);
    const errands = port('errands', new PostgresErrands(this.dataSource));
    const { serveZone, runErrands } = assembleStories({
      transactions: port('transactions', new PostgresTransactions(this.dataSource)), turns, errands,
      works: port('works', real.works),
      zones: port('zones', new PostgresKnownZones(this.dataSource)),
      plans: port('plans', new PostgresPlans(this.dataSource)),
      intents: port('intents', real.intents),
      looks: port('looks', new PostgresLooks(this.dataSource)),
      ledger: port('ledger', real.ledger),
      receipts: port('receipts', new PostgresReceipts(this.dataSource)),
      freezes: port('freezes', new PostgresWriteFreezes(this.dataSource)),
      credentials: port('credentials', vaultOf(parts.lend)),
      door: new AdapterProviderDoor(parts.transport, { budgets: port('budgets', real.budgets), circuits: port('circuits', real.circuits) }, { budgetSecret: secret('budget'), clock: this.clock }),
      outbox: this.outbox, clock: this.clock, random: parts.random, crash: noCrash, log: parts.log, tally: noTally, deadline: parts.deadline,
    });
    return async () => {
      const [turn] = await turns.take(parts.name, 1);
      if (turn !== undefined) {
        await serveZone.run(turn);
        await turns.release(turn);
        return true;
      }
      const startedAt = this.clock.monotonicMs();
      const works = await errands.claim(parts.name);
      if (works.length > 0) await runErrands.run(works, () => Math.max(0, startedAt + turnMs - this.clock.monotonicMs()));
      return works.length > 0;
    };
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }
}

/** The port with a step before each call. What is called inside a transaction belongs to the transaction's own step. */
function stepping<Port extends object>(port: Port, name: string, step: Step): Port {
  return new Proxy(port, {
    get(target, method) {
      const real: unknown = Reflect.get(target, method);
      if (typeof real !== 'function') return real;
      return (...given: unknown[]): unknown => {
        const call = (): Promise<unknown> => Reflect.apply(real, target, given) as Promise<unknown>;
        return isTransaction(given[0]) ? call() : step(`${name}.${String(method)}`, call);
      };
    },
  });
}

function isTransaction(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'query' in given;
}

function vaultOf(lend: (credentialId: string) => string): Credentials {
  return { lend: async ({ credential_id: id }) => Promise.resolve({ credential: secret(lend(id)), remainingMs: () => 60_000 }) };
}
