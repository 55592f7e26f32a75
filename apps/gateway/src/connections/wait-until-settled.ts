import { Injectable } from '@nestjs/common';
import { isSettled } from '@connect/domain';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { Movements } from '../ports/movements.port.js';
import type { Connection } from './connection.js';

/** Waits for the next state that needs somebody, or in which nothing more happens by itself. */
@Injectable()
export class WaitUntilSettled {
  constructor(private readonly connections: ConnectionStore, private readonly movements: Movements) {}

  /** Gives the connection as it is at the end: settled, or after `waitMs`. Looks before it waits, so that no movement is missed. */
  async run(sight: Sight, id: string, waitMs: number): Promise<Connection | null> {
    let arrived = (): void => undefined;
    let isOver = false;
    const unfollow = this.movements.follow(id, ({ state }) => {
      if (isSettled(state)) arrived();
    });
    const timer = setTimeout(() => {
      isOver = true;
      arrived();
    }, waitMs);
    try {
      for (;;) {
        const settled = new Promise<void>((resolve) => { arrived = resolve; });
        const now = await this.connections.find(sight, id);
        if (now === null || isSettled(now.state) || isOver) return now;
        // What is told may be older than what was read, so a movement is a reason to look and not an answer.
        await settled;
      }
    } finally {
      clearTimeout(timer);
      unfollow();
    }
  }
}
