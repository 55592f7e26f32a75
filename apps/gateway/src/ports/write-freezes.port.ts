import type { WriteFreeze } from '@connect/contracts';

/** Pauses of writing, kept by the worker. Every method throws `unavailable` after 2 seconds. */
export abstract class WriteFreezes {
  abstract list(): Promise<WriteFreeze[]>;
  abstract begin(freeze: Omit<WriteFreeze, 'begun_at'>): Promise<WriteFreeze>;
  /** `false`: there is no such freeze. */
  abstract end(id: string): Promise<boolean>;
}
