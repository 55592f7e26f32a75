import { Injectable } from '@nestjs/common';

/** Between the outbox, which knows that there is something, and the relay, which may not run yet. */
@Injectable()
export class RelayNudge {
  private listener: () => void = () => {};

  /** One relay per process. */
  onNudge(listener: () => void): void {
    this.listener = listener;
  }

  readonly nudge = (): void => {
    this.listener();
  };
}
