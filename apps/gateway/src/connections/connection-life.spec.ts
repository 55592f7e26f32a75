import { describe, expect, it } from '@jest/globals';
import { connectionStates, reasonOf } from '@connect/domain';
import { aLife, walked } from './connection.fake.js';
import { driveOn } from './sweeper/sweep-connections.use-case.js';

describe('the life of a connection', () => {
  it('numbers its events without a gap', () => {
    const life = aLife('planning', { sequence: 4 });

    life.move('writing', reasonOf('writing_records'));
    life.move('propagating', reasonOf('waiting_for_publication'));

    expect(life.events.map(({ event }) => event.sequence)).toEqual([5, 6]);
    expect(life.connection.sequence).toBe(6);
  });

  it('takes no step that the table does not know, and then nothing has changed', () => {
    const life = aLife('created');

    expect(() => life.move('live', null)).toThrow(expect.objectContaining({ code: 'forbidden_transition' }));
    expect(life.connection.state).toBe('created');
    expect(life.events).toEqual([]);
  });

  it('carries the reason of each state as it was then', () => {
    const life = aLife('planning');

    life.move('writing', reasonOf('writing_records'));
    life.note(reasonOf('rate_limited'));

    expect(life.events[0]?.event.reason?.code).toBe('writing_records');
    expect(life.connection.reason?.code).toBe('rate_limited');
  });
});

describe('the sweeper', () => {
  it('sends the awaited command again under the running generation', () => {
    const life = aLife('planning', { generation: 3, awaited: 'apply' });

    driveOn(life);

    expect(life.commands).toMatchObject([{ type: 'cmd.dns.apply-connection', generation: 3, step: 'apply' }]);
    expect(walked(life)).toEqual([]);
  });

  it('tries a blocked removal again under a newer generation, since a worker answers the old one with the old refusal', () => {
    const life = aLife('removing', { generation: 3, awaited: 'remove', reason: reasonOf('removal_blocked') });

    driveOn(life);
    driveOn(life);

    expect(life.commands).toMatchObject([{ type: 'cmd.dns.remove-connection', generation: 4 }, { type: 'cmd.dns.remove-connection', generation: 4 }]);
    expect(life.connection).toMatchObject({ state: 'removing', generation: 4, reason: { code: 'removing_records' } });
  });

  it('parks what stood still for 7 days and keeps looking', () => {
    const life = aLife('propagating', { awaited: 'watch', progress_at: new Date('2025-12-25T00:00:00.000Z') });

    driveOn(life);

    expect(walked(life)).toEqual(['stalled']);
    expect(life.connection.reason).toMatchObject({ code: 'no_progress', detail: 'before: detecting' });
    expect(life.commands).toMatchObject([{ type: 'cmd.verify.watch-connection' }]);
  });

  it('never parks what has ended or is live', () => {
    for (const state of connectionStates.filter((each) => !['awaiting_customer', 'propagating', 'drifted'].includes(each))) {
      const life = aLife(state, { progress_at: new Date('2025-01-01T00:00:00.000Z') });

      driveOn(life);

      expect(walked(life)).toEqual([]);
    }
  });
});
