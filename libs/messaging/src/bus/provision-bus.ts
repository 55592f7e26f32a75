import { setTimeout as pause } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, DiscardPolicy, jetstreamManager, ReplayPolicy, RetentionPolicy, StorageType, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { consumers, streams, type ConsumerDefinition, type StreamDefinition } from '@connect/contracts';
import { ignoreFailure, type Secret } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { connectBus } from './connect-bus.js';

export type ProvisionOptions = { replicas?: 1 | 3 | 5; log?: Pick<Logger, 'info' | 'warn'> };

/** A redelivery waits this long after a worker died; the transport says "working" every third of it. */
export const ackWaitMs = 10_000;
/** Longer than the relay's look back after a reconnect, so that what is still there is not stored twice. */
const duplicateWindowMs = 10 * 60_000;

/** Makes or updates all streams and consumers; can be run again. `url` has the user `provision`. Works on nats-server 2.9 and newer. Returns what it made. */
export async function provisionBus(url: Secret<string>, options: ProvisionOptions = {}): Promise<string[]> {
  const connection = await connectBus(url, 'provision', { log: options.log });
  try {
    return await provisionOver(connection, options);
  } finally {
    await connection.close();
  }
}

/** Provisions, and again whenever something is missing (a store that was lost), until `signal` is aborted. */
export async function keepBusProvisioned(url: Secret<string>, options: ProvisionOptions & { signal: AbortSignal; intervalMs?: number }): Promise<void> {
  const connection = await connectBus(url, 'provision', { log: options.log, signal: options.signal });
  try {
    while (!options.signal.aborted) {
      try {
        const made = await provisionOver(connection, options);
        if (made.length > 0) options.log?.info({ made }, 'the bus was provisioned');
      } catch (error) {
        options.log?.warn({ err: error }, 'the bus could not be provisioned; trying again');
      }
      await pause(options.intervalMs ?? 1_000, undefined, { signal: options.signal }).catch((error: unknown) => ignoreFailure(error, 'the pause ends at a stop'));
    }
  } finally {
    await connection.close();
  }
}

async function provisionOver(connection: NatsConnection, options: ProvisionOptions): Promise<string[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const made: string[] = [];
  for (const stream of streams) {
    if (await ensureStream(manager, stream, options.replicas ?? 1)) made.push(stream.name);
  }
  for (const consumer of consumers) {
    if (await ensureConsumer(manager, consumer)) made.push(`${consumer.stream}/${consumer.durable}`);
  }
  return made;
}

async function ensureStream(manager: JetStreamManager, definition: StreamDefinition, replicas: number): Promise<boolean> {
  const wanted = {
    name: definition.name,
    subjects: [...definition.subjects],
    retention: definition.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: definition.maxAgeDays === undefined ? 0 : nanos(definition.maxAgeDays * 86_400_000),
    duplicate_window: nanos(duplicateWindowMs),
    num_replicas: replicas,
  } satisfies Partial<StreamConfig>;
  const present = await orNullWhenMissing(manager.streams.info(definition.name));
  if (present === null) {
    await manager.streams.add(wanted);
    return true;
  }
  if (!holds(present.config, wanted)) await manager.streams.update(definition.name, wanted);
  return false;
}

async function ensureConsumer(manager: JetStreamManager, definition: ConsumerDefinition): Promise<boolean> {
  const changeable = { ack_wait: nanos(ackWaitMs), max_deliver: -1, max_ack_pending: 4_096 };
  const present = await orNullWhenMissing(manager.consumers.info(definition.stream, definition.durable));
  if (present === null) {
    await manager.consumers.add(definition.stream, {
      ...changeable,
      durable_name: definition.durable,
      filter_subject: definition.filterSubject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
    });
    return true;
  }
  if (!holds(present.config, changeable)) await manager.consumers.update(definition.stream, definition.durable, changeable);
  return false;
}

async function orNullWhenMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && /(stream|consumer) not found/.test(error.message)) return null;
    throw error;
  }
}

function holds(present: object, wanted: object): boolean {
  const values = present as Record<string, unknown>;
  return Object.entries(wanted).every(([key, value]) => JSON.stringify(values[key] ?? 0) === JSON.stringify(value));
}
