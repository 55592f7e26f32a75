import { describe, expect, it } from '@jest/globals';
import { changesApplied, connectionRemoved, planMade, verdictReached, workRefused, type DataOf } from '@connect/contracts';
import { aLife, sent, walked } from '../connection.fake.js';
import { removeNow } from '../remove-connection.use-case.js';
import { onChangesApplied } from './changes-applied.decision.js';
import { onConnectionRemoved } from './connection-removed.decision.js';
import { onPlanMade } from './plan-made.decision.js';
import { onVerdictReached } from './verdict-reached.decision.js';
import { onWorkDelayed, onWorkRefused } from './work-refused.decision.js';

const plan = (next: DataOf<typeof planMade>['next'], madeAt = '2026-01-01T00:00:00.000Z'): DataOf<typeof planMade> => ({ plan: { ...planMade.golden.data.plan, made_at: madeAt }, next });
const verdict = (changes: Partial<DataOf<typeof verdictReached>['projection']> = {}, expectation: 'present' | 'absent' = 'present'): DataOf<typeof verdictReached> => ({
  ...verdictReached.golden.data, expectation, projection: { ...verdictReached.golden.data.projection, ...changes },
});

describe('facts in their order', () => {
  it('walk an automatic connection from planning to live', () => {
    const life = aLife('planning', { awaited: 'apply' });

    onPlanMade(life, plan('writing'));
    onChangesApplied(life, changesApplied.golden.data);
    onVerdictReached(life, verdict());

    expect(walked(life)).toEqual(['writing', 'propagating', 'live']);
    expect(sent(life)).toEqual(['cmd.verify.watch-connection']);
    expect(life.claimSteps).toEqual(['hold', 'prove', 'hold', 'prove']);
    expect(life.connection.reason).toBeNull();
  });

  it('walk an empty plan past writing', () => {
    const life = aLife('planning');

    onPlanMade(life, plan('empty'));
    onChangesApplied(life, changesApplied.golden.data);

    expect(walked(life)).toEqual(['propagating']);
    expect(sent(life)).toEqual(['cmd.verify.watch-connection']);
  });
});

describe('facts that overtake each other', () => {
  it('walk the missed states with their events when the write is told before its plan', () => {
    const life = aLife('planning');

    onChangesApplied(life, changesApplied.golden.data);
    onPlanMade(life, plan('writing'));

    expect(walked(life)).toEqual(['writing', 'propagating']);
  });

  it('keep the newer plan when an older one arrives late', () => {
    const life = aLife('planning');

    onPlanMade(life, plan('awaiting_approval', '2026-01-01T00:00:05.000Z'));
    onPlanMade(life, plan('writing', '2026-01-01T00:00:00.000Z'));

    expect(walked(life)).toEqual(['awaiting_approval']);
  });

  it('keep the newer observation when an older verdict arrives late', () => {
    const life = aLife('propagating');

    onVerdictReached(life, verdict({ as_of: '2026-01-01T00:00:09.000Z' }));
    onVerdictReached(life, verdict({ verdict: 'absent', as_of: '2026-01-01T00:00:01.000Z' }));

    expect(walked(life)).toEqual(['live']);
  });
});

describe('a plan that is not safe', () => {
  it('waits for an approval and holds the name no longer', () => {
    const life = aLife('planning');

    onPlanMade(life, plan('awaiting_approval'));

    expect(life.connection).toMatchObject({ state: 'awaiting_approval', awaited: null, reason: { code: 'approval_needed' } });
    expect(life.claimSteps).toEqual(['let_down']);
  });

  it('is asked about again when what was approved has moved', () => {
    const life = aLife('writing');

    onPlanMade(life, plan('awaiting_approval'));

    expect(walked(life)).toEqual(['planning', 'awaiting_approval']);
  });
});

describe('a refusal', () => {
  it('for the credential waits for the customer and looks whether the records come by hand', () => {
    const life = aLife('planning');

    onWorkRefused(life, { ...workRefused.golden.data, code: 'rejected_credential' });

    expect(life.connection).toMatchObject({ state: 'awaiting_customer', reason: { code: 'rejected_credential', actor: 'customer' } });
    expect(sent(life)).toEqual(['cmd.verify.watch-connection']);
    expect(life.claimSteps).toEqual(['let_down']);
  });

  it('of the record ends in failed, and of an old generation changes nothing', () => {
    const life = aLife('writing');

    onWorkRefused(life, { code: 'superseded', detail: null, of: 'apply' });
    onWorkRefused(life, { code: 'zone_full', detail: null, of: 'apply' });

    expect(walked(life)).toEqual(['failed']);
  });

  it('in removing is said and tried again', () => {
    const life = aLife('removing', { awaited: 'remove' });

    onWorkRefused(life, { code: 'rejected_credential', detail: null, of: 'remove' });

    expect(life.connection).toMatchObject({ state: 'removing', awaited: 'remove', reason: { code: 'removal_blocked', detail: 'rejected_credential' } });
    expect(life.connection.next_step_due_at).toEqual(new Date('2026-01-01T01:00:00.000Z'));
  });
});

describe('a delay', () => {
  it.each(['planning', 'writing', 'removing'] as const)('of more than an hour in %s holds the name no longer', (state) => {
    const [before, after] = ['2025-12-31T23:00:01.000Z', '2025-12-31T23:00:00.000Z'].map((since) => aLife(state, { progress_at: new Date(since) }));

    for (const life of [before!, after!]) onWorkDelayed(life, { code: 'provider_unavailable', detail: null, next_check_at: '2026-01-01T00:05:00.000Z', of: 'apply' });

    expect([before!.claimSteps, after!.claimSteps]).toEqual([[], ['let_down']]);
  });
});

describe('what the name servers show', () => {
  it('brings a connection that was set by hand to live', () => {
    const life = aLife('awaiting_customer', { setup: 'manual' });

    onVerdictReached(life, verdict());

    expect(walked(life)).toEqual(['propagating', 'live']);
  });

  it('moves on from the first expected value', () => {
    const life = aLife('awaiting_customer', { setup: 'manual' });

    onVerdictReached(life, verdict({ verdict: 'partial', codes: ['expected_value', 'missing_value'] }));

    expect(walked(life)).toEqual(['propagating']);
  });

  it('tells drift and its end', () => {
    const life = aLife('live');

    onVerdictReached(life, verdict({ verdict: 'absent', codes: ['nxdomain'], as_of: '2026-01-01T00:01:00.000Z' }));
    onVerdictReached(life, verdict({ as_of: '2026-01-01T00:02:00.000Z' }));

    expect(walked(life)).toEqual(['drifted', 'live']);
  });

  it('says nothing where the verifier does not know', () => {
    const life = aLife('live');

    onVerdictReached(life, verdict({ verdict: 'unknown', codes: ['our_side'] }));

    expect(walked(life)).toEqual([]);
  });

  it('tells once when recursive resolvers show the records', () => {
    const life = aLife('live');

    onVerdictReached(life, verdict({ visible_at_resolvers: true, as_of: '2026-01-01T00:01:00.000Z' }));
    onVerdictReached(life, verdict({ visible_at_resolvers: true, as_of: '2026-01-01T00:02:00.000Z' }));

    expect(walked(life)).toEqual(['visible']);
  });
});

describe('removing', () => {
  it('raises the generation before anything else, so that a slow apply is superseded', () => {
    const life = aLife('planning', { may_have_written: true });

    removeNow(life, false);

    expect(life.commands).toMatchObject([{ type: 'cmd.dns.remove-connection', generation: 2 }]);
  });

  it('ends only when the removed values were seen absent', () => {
    const life = aLife('removing', { may_have_written: true });

    onConnectionRemoved(life, connectionRemoved.golden.data);
    onVerdictReached(life, verdict({ verdict: 'partial' }, 'absent'));
    expect(life.connection.state).toBe('removing');
    onVerdictReached(life, verdict({ verdict: 'absent', as_of: '2026-01-01T00:01:00.000Z' }, 'absent'));

    expect(walked(life)).toEqual(['archived']);
    expect(sent(life)).toEqual(['cmd.verify.watch-connection', 'cmd.verify.unwatch-connection']);
    expect(life.claimSteps).toEqual(['end']);
  });

  it('ends at once where nothing was removed, kept, or never written', () => {
    for (const data of [{ ...connectionRemoved.golden.data, removed: [] }, { ...connectionRemoved.golden.data, kept: true }]) {
      const life = aLife('removing');

      onConnectionRemoved(life, data);

      expect(life.connection.state).toBe('archived');
    }
    const manual = aLife('awaiting_customer', { setup: 'manual', may_have_written: false });
    removeNow(manual, false);
    expect(walked(manual)).toEqual(['removing', 'archived']);
  });

  it('asked for again without its records lets go of what blocks', () => {
    const life = aLife('removing', { may_have_written: true, generation: 4 });

    removeNow(life, false);
    expect(life.commands).toEqual([]);
    removeNow(life, true);

    expect(life.commands).toMatchObject([{ type: 'cmd.dns.remove-connection', generation: 5, data: { keep_records: true } }]);
  });
});

describe('an undone write', () => {
  it('waits for a person and is neither written nor watched again', () => {
    const life = aLife('writing', { intent: { kind: 'undo', receipt_id: 'rcp_1', approval: null } });

    onChangesApplied(life, { receipt: { ...changesApplied.golden.data.receipt, kind: 'undo' } });

    expect(life.connection).toMatchObject({ state: 'awaiting_customer', awaited: null, next_step_due_at: null });
    expect(sent(life)).toEqual(['cmd.verify.unwatch-connection']);
  });
});
