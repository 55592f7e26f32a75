import type { ServiceName } from '@connect/contracts';
import type { Secret } from '@connect/domain';

export type MessagingSettings = {
  service: ServiceName;
  /** `nats://user:password@host:port[,…]` */
  url: Secret<string>;
  /** How long work in hand may take to finish at a shutdown. */
  drainMs: number;
  /** Messages handled at once per consumer; 32 unless told otherwise. */
  concurrency?: number;
};
/** Injection token of {@link MessagingSettings}. */
export const MESSAGING_SETTINGS = Symbol('messaging settings');
