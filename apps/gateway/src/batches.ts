import { isConnectError } from '@connect/domain';

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };

export type BatchWork<Item, Result> = {
  /** All of them, or with an error none; results in the order of the items. `undefined`: this one is left out. */
  together(items: readonly Item[]): Promise<readonly (Result | undefined)[]>;
  /** One that was left out, or whose batch failed. It may take its time: no batch waits for it. */
  alone(item: Item): Promise<Result>;
  /** Items of the same key are never in one batch. */
  keyOf?(item: Item): string;
};

const longestBatch = 50;
/** More than one, since a batch that has to wait for somebody must not hold up all that come after it. */
const batchesAtOnce = 2;

/**
 * Does together what comes at the same time, so that many share the statements and the commit of one: what comes while batches are under way gathers for the next
 * one, and what comes to an idle process is done at once. An item never joins a batch that has begun.
 */
export class Batches<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;

  constructor(private readonly work: BatchWork<Item, Result>) {}

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.begin();
    });
  }

  private begin(): void {
    if (this.underWay >= batchesAtOnce || this.waiting.length === 0) return;
    this.underWay += 1;
    // What arrives in the same turn of the event loop comes along.
    setImmediate(() => void this.run(this.nextBatch()).finally(() => {
      this.underWay -= 1;
      this.begin();
    }));
  }

  private nextBatch(): Waiting<Item, Result>[] {
    const keys = new Set<string>();
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    for (const one of this.waiting) {
      const key = this.work.keyOf?.(one.item);
      const joins = batch.length < longestBatch && (key === undefined || !keys.has(key));
      (joins ? batch : later).push(one);
      if (key !== undefined) keys.add(key);
    }
    this.waiting = later;
    return batch;
  }

  private async run(batch: Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const results = await this.work.together(batch.map(({ item }) => item));
      batch.forEach((one, index) => this.end(one, results[index]));
    } catch (error) {
      // Whose fault it is is not known, so each gets its own end. What is away is away for all, and it may even have done the work.
      const isForAll = batch.length === 1 || (isConnectError(error) && error.code === 'unavailable');
      for (const one of batch) {
        if (isForAll) one.reject(error);
        else this.end(one, undefined);
      }
    }
  }

  private end(one: Waiting<Item, Result>, result: Result | undefined): void {
    if (result === undefined) void this.work.alone(one.item).then(one.resolve, one.reject);
    else one.resolve(result);
  }
}
