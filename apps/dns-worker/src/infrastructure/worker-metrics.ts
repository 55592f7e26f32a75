import type { DataSource } from 'typeorm';
import { Counter, Gauge, Histogram, type Metrics } from '@connect/observability';
import { sql } from '@connect/storage';
import type { CallOutcome, Tally } from '../ports/tally.port.js';

type Queue = { waiting: number; oldest_seconds: number };

/** What an operator watches of a worker. Labels are provider keys and words of ours, nothing that a customer chose. */
export class WorkerMetrics implements Tally {
  private readonly calls: Counter;
  private readonly seconds: Histogram;
  private readonly turns: Counter;
  private readonly losses: Counter;

  constructor(metrics: Metrics, dataSource: DataSource) {
    const registers = [metrics];
    this.calls = new Counter({ name: 'provider_calls_total', help: 'Calls that were sent to a provider', labelNames: ['provider', 'call', 'outcome'], registers });
    this.seconds = new Histogram({ name: 'provider_call_seconds', help: 'From sending a call to its answer', labelNames: ['provider', 'call'], buckets: [0.03, 0.1, 0.3, 1, 3, 10, 30], registers });
    this.turns = new Counter({ name: 'zone_turns_total', help: 'Turns of zones that this worker took', labelNames: ['end'], registers });
    this.losses = new Counter({ name: 'foreign_values_lost_total', help: 'Record sets in which foreign values were gone after a write', labelNames: ['provider', 'put_back'], registers });
    const waiting = new Gauge({ name: 'zone_work_due', help: 'Work that is due and not taken, of all workers', registers });
    new Gauge({ name: 'zone_work_oldest_due_seconds', help: 'For how long the oldest of it has been due', registers, async collect() { this.set(await showQueue(dataSource, waiting)); } });
    new Gauge({ name: 'provider_circuits', help: 'Circuit breakers of all workers by state; a provider that is not named was never open', labelNames: ['provider', 'state'], registers, collect() { return showCircuits(dataSource, this); } });
  }

  called(provider: string, call: 'read' | 'write', outcome: CallOutcome, seconds: number): void {
    this.calls.inc({ provider, call, outcome });
    this.seconds.observe({ provider, call }, seconds);
  }

  turned(end: 'ended' | 'broken_off'): void {
    this.turns.inc({ end });
  }

  lost(provider: string, isPutBack: boolean): void {
    this.losses.inc({ provider, put_back: isPutBack ? 'yes' : 'no' });
  }
}

async function showQueue(dataSource: DataSource, waiting: Gauge): Promise<number> {
  const [queue] = await sql<Queue>(
    dataSource.manager,
    `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM now() - min(due_at)), 0)::float AS oldest_seconds FROM (
       SELECT due_at FROM zone_work WHERE state = 'waiting' AND zone_key IS NOT NULL AND due_at <= now()
       UNION ALL SELECT due_at FROM zone_work WHERE state = 'waiting' AND zone_key IS NULL AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
     ) AS due`,
  );
  waiting.set(queue?.waiting ?? 0);
  return queue?.oldest_seconds ?? 0;
}

async function showCircuits(dataSource: DataSource, gauge: Gauge): Promise<void> {
  const rows = await sql<{ provider: string; state: string; count: number }>(dataSource.manager, 'SELECT provider, state, count(*)::int AS count FROM provider_circuit GROUP BY provider, state');
  gauge.reset();
  for (const { provider, state, count } of rows) gauge.set({ provider, state }, count);
}
