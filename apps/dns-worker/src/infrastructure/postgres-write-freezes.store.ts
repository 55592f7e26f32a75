import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { WriteFreeze } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { affected, sql } from '@connect/storage';
import type { WriteFreezes } from '../ports/write-freezes.port.js';

type Freeze = z.infer<typeof WriteFreeze>;
type Row = Omit<Freeze, 'begun_at'> & { begun_at: Date };

export class PostgresWriteFreezes implements WriteFreezes {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<Freeze[]> {
    return (await sql<Row>(this.dataSource.manager, 'SELECT id, scope, value, reason, begun_at FROM write_freeze ORDER BY begun_at, id')).map(freezeOf);
  }

  async begin(freeze: Omit<Freeze, 'begun_at'>): Promise<Freeze> {
    await sql(this.dataSource.manager, 'INSERT INTO write_freeze (id, scope, value, reason) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING', [freeze.id, freeze.scope, freeze.value, freeze.reason]);
    const [row] = await sql<Row>(this.dataSource.manager, 'SELECT id, scope, value, reason, begun_at FROM write_freeze WHERE id = $1', [freeze.id]);
    if (row === undefined) throw new ConnectError('conflict', { detail: 'the freeze was ended meanwhile' });
    return freezeOf(row);
  }

  async end(id: string): Promise<boolean> {
    return (await affected(this.dataSource.manager, 'DELETE FROM write_freeze WHERE id = $1', [id])) === 1;
  }

  async frozen(provider: string, tenantIds: readonly string[]): Promise<Set<string>> {
    const rows = await sql<Pick<Freeze, 'scope' | 'value'>>(this.dataSource.manager, 'SELECT scope, value FROM write_freeze');
    return new Set(tenantIds.filter((tenantId) => rows.some(({ scope, value }) => scope === 'installation' || (scope === 'provider' ? value === provider : value === tenantId))));
  }
}

function freezeOf(row: Row): Freeze {
  return { ...row, begun_at: row.begun_at.toISOString() };
}
