/** Says that something became due, so that nobody waits for the next poll. */
export interface WorkNudge {
  nudge(): void;
}
