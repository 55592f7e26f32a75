import type { JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';

/** What handling a message needs of it: one from the bus, or one that was kept. */
export type Delivery = Pick<JsMsg, 'subject' | 'seq' | 'timestamp' | 'headers' | 'json'> & { info: Pick<JsMsg['info'], 'consumer' | 'deliveryCount'> };

/** A stored message by which a {@link Delivery} is made again. `origin`: `<stream>:<sequence>:<nanoseconds since 1970>`. */
export type KeptMessage = { origin: string; subject: string; consumer: string; deliveries: number; headers: Record<string, string>; body: string };

export function keptDelivery({ origin, subject, consumer, deliveries, headers: kept, body }: KeptMessage): Delivery {
  const [, sequence = '0', nanoseconds = '0'] = origin.split(':');
  const sent = headers();
  for (const [name, value] of Object.entries(kept)) sent.set(name, value);
  return {
    subject, seq: Number(sequence), timestamp: new Date(Number(nanoseconds) / 1e6).toISOString(), headers: sent, info: { consumer, deliveryCount: deliveries + 1 },
    json: <T>() => JSON.parse(body) as T,
  };
}
