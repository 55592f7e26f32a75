import type { Place } from './places.js';

type State = { shownUntilMs: number; step: number; show<T>(read: () => Promise<T>): Promise<T> };

/** What the provider held before each of the last writes, whoever made them, for as long as its own reads may still show it: its settle time, and not a moment longer. */
export class Past {
  private states: State[] = [];

  constructor(private readonly place: Place, private readonly now: { ms(): number; steps(): number }) {}

  /** Before a write is carried out. */
  keep(): void {
    const { settleTimeMs } = this.place.provider.descriptor;
    if (settleTimeMs === 0) return;
    this.states.push({ shownUntilMs: this.now.ms() + settleTimeMs, step: this.now.steps(), show: this.place.remember() });
  }

  /** The states, beside the present one, with which a read may be answered now. */
  shown(): readonly State[] {
    this.states = this.states.filter(({ shownUntilMs }) => shownUntilMs > this.now.ms());
    return this.states;
  }
}
