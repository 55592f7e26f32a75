import type { z } from 'zod';
import type { WriteFreeze } from '@connect/contracts';

type Freeze = z.infer<typeof WriteFreeze>;

/** Pauses of writing that the operator ordered. */
export interface WriteFreezes {
  list(): Promise<Freeze[]>;
  /** Idempotent by id. */
  begin(freeze: Omit<Freeze, 'begun_at'>): Promise<Freeze>;
  end(id: string): Promise<boolean>;
  /** Of these tenants, those that may not write at this provider now. */
  frozen(provider: string, tenantIds: readonly string[]): Promise<Set<string>>;
}
