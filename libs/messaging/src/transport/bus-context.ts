import { BaseRpcContext } from '@nestjs/microservices';
import type { Delivery } from './delivery.js';

/** What is known of a delivery besides its payload. */
export class BusContext extends BaseRpcContext<[Delivery]> {
  get subject(): string {
    return this.getArgByIndex(0).subject;
  }

  /** The consumer's name; with the message id the key of the inbox. */
  get consumer(): string {
    return this.getArgByIndex(0).info.consumer;
  }

  get streamSequence(): number {
    return this.getArgByIndex(0).seq;
  }

  /** 1 at the first delivery. */
  get deliveryCount(): number {
    return this.getArgByIndex(0).info.deliveryCount;
  }

  /** ISO 8601 UTC: when the bus stored it. */
  get storedAt(): string {
    return this.getArgByIndex(0).timestamp;
  }

  /** A header that the publisher set, or null. */
  header(name: string): string | null {
    const value = this.getArgByIndex(0).headers?.get(name) ?? '';
    return value === '' ? null : value;
  }
}
