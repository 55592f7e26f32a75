import { describe, expect, it } from '@jest/globals';
import { assertMayMove, connectionStates, connectionTransitions, isSettled, mayMove, type ConnectionState } from './connection-state.js';

describe('the states of a connection', () => {
  it('are all reached from `created`', () => {
    const reached = new Set<ConnectionState>(['created']);
    for (const state of reached) for (const next of connectionTransitions[state]) reached.add(next);

    expect([...reached].sort()).toEqual([...connectionStates].sort());
  });

  it('all lead to `archived`: nothing is stuck for ever', () => {
    for (const start of connectionStates) {
      const reached = new Set<ConnectionState>([start]);
      for (const state of reached) for (const next of connectionTransitions[state]) reached.add(next);
      expect(reached.has('archived')).toBe(true);
    }
  });

  it('can be removed from every state but the last two', () => {
    for (const state of connectionStates) expect(mayMove(state, 'removing')).toBe(state !== 'removing' && state !== 'archived');
  });

  it('refuse a step that is not in the table', () => {
    expect(() => assertMayMove('archived', 'live')).toThrow(expect.objectContaining({ code: 'forbidden_transition' }));
  });

  it('end a wait only where nothing moves by itself', () => {
    expect(connectionStates.filter((state) => !isSettled(state))).toEqual(['created', 'planning', 'writing', 'propagating', 'removing']);
  });
});
