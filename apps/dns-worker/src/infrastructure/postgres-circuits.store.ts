import type { DataSource } from 'typeorm';
import type { ProviderCircuit } from '@connect/contracts';
import type { ErrorCode } from '@connect/domain';
import { affected, sql } from '@connect/storage';
import type { CircuitPlace, Circuits, OpenCircuit } from '../ports/circuits.port.js';

/** The wait for the first probe; each probe that fails doubles it. */
const firstWaitSeconds = 10;
const longestWaitSeconds = 300;

export class PostgresCircuits implements Circuits {
  constructor(private readonly dataSource: DataSource) {}

  async open(): Promise<OpenCircuit[]> {
    const rows = await sql<{ circuit_key: string; state: OpenCircuit['state']; probe_in_ms: number }>(
      this.dataSource.manager,
      `SELECT circuit_key, state, greatest(0, extract(epoch FROM probe_at - now()) * 1000)::float AS probe_in_ms FROM provider_circuit WHERE state <> 'closed'`,
    );
    return rows.map((row) => ({ key: row.circuit_key, state: row.state, probeInMs: row.probe_in_ms }));
  }

  async list(): Promise<ProviderCircuit[]> {
    const rows = await sql<{ provider: string; state: ProviderCircuit['state']; code: ErrorCode; since: Date; probe_at: Date }>(
      this.dataSource.manager,
      'SELECT provider, state, code, since, probe_at FROM provider_circuit WHERE circuit_key = provider ORDER BY provider',
    );
    return rows.map(({ provider, state, code, since, probe_at }) => ({
      provider, state, since: since.toISOString(), code: state === 'closed' ? null : code, next_probe_at: state === 'open' ? probe_at.toISOString() : null,
    }));
  }

  async trip({ key, provider }: CircuitPlace, code: ErrorCode): Promise<void> {
    await sql(
      this.dataSource.manager,
      `INSERT INTO provider_circuit AS known (circuit_key, provider, state, code, since, probe_at) VALUES ($1, $2, 'open', $3, now(), now() + ${firstWaitSeconds} * interval '1 second')
       ON CONFLICT (circuit_key) DO UPDATE SET
         state = 'open', code = excluded.code,
         since = CASE known.state WHEN 'closed' THEN now() ELSE known.since END,
         probes = CASE known.state WHEN 'closed' THEN 0 ELSE known.probes + 1 END,
         probe_at = now() + CASE known.state WHEN 'closed' THEN ${firstWaitSeconds} ELSE least(${longestWaitSeconds}, ${firstWaitSeconds} * 2 ^ least(known.probes + 1, 10)) END * interval '1 second'
       WHERE known.state <> 'open'`,
      [key, provider, code],
    );
  }

  async probe({ key }: CircuitPlace, withinMs: number): Promise<boolean> {
    return (await affected(
      this.dataSource.manager,
      `UPDATE provider_circuit SET state = 'half_open', probe_at = now() + $2 * interval '1 millisecond' WHERE circuit_key = $1 AND state <> 'closed' AND probe_at <= now()`,
      [key, withinMs],
    )) === 1;
  }

  async close({ key }: CircuitPlace): Promise<void> {
    await sql(this.dataSource.manager, `UPDATE provider_circuit SET state = 'closed', since = now(), probes = 0 WHERE circuit_key = $1 AND state <> 'closed'`, [key]);
  }
}
