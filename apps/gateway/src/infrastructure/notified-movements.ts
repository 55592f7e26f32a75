import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ignoreFailure } from '@connect/domain';
import { sql } from '@connect/storage';
import { Movements, type Movement } from '../ports/movements.port.js';
import { movementChannel, Notifications } from './notifications.js';

const batchAfterMs = 20;
/** NOTIFY allows 8,000 bytes a payload; a movement is about 100. */
const batchSize = 50;

/**
 * Movements of this process are told at once, those for other replicas in small batches after the commit: a NOTIFY inside each transaction would
 * make all commits wait for one lock.
 */
@Injectable()
export class NotifiedMovements extends Movements implements OnApplicationShutdown {
  private readonly followers = new Map<string, Set<(movement: Movement) => void>>();
  private waiting: Movement[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly dataSource: DataSource, notifications: Notifications) {
    super();
    notifications.on(movementChannel, (payload) => {
      for (const movement of JSON.parse(payload) as Movement[]) this.callFollowers(movement);
    });
  }

  tell(movement: Movement): void {
    this.callFollowers(movement);
    this.waiting.push(movement);
    this.timer ??= setTimeout(() => void this.sendBatch(), batchAfterMs);
  }

  follow(connectionId: string, onMove: (movement: Movement) => void): () => void {
    const followers = this.followers.get(connectionId) ?? new Set();
    this.followers.set(connectionId, followers.add(onMove));
    return () => {
      followers.delete(onMove);
      if (followers.size === 0 && this.followers.get(connectionId) === followers) this.followers.delete(connectionId);
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    await this.sendBatch();
  }

  private callFollowers(movement: Movement): void {
    for (const onMove of this.followers.get(movement.connectionId) ?? []) onMove(movement);
  }

  private async sendBatch(): Promise<void> {
    this.timer = null;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, batchSize);
      try {
        await sql(this.dataSource.manager, 'SELECT pg_notify($1, $2)', [movementChannel, JSON.stringify(batch)]);
      } catch (error) {
        ignoreFailure(error, 'who waits in another replica looks again at the end');
        return;
      }
    }
  }
}
