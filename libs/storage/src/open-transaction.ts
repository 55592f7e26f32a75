import type { ClientBase, QueryResult } from 'pg';
import { prepared } from './statement.js';

/** A transaction between its begin and its end. `now` is the database's time of its begin, the one time that all replicas share. */
export class OpenTransaction {
  readonly afterwards = new Set<() => void>();

  constructor(private readonly client: Pick<ClientBase, 'query'>, readonly now: Date, private readonly prepares: boolean) {}

  run(text: string, values: unknown[]): Promise<QueryResult> {
    return this.prepares ? this.client.query(prepared(text, values)) : this.client.query(text, values);
  }

  async query<Rows>(text: string, values: unknown[] = []): Promise<Rows> {
    return (await this.run(text, values)).rows as Rows;
  }
}
