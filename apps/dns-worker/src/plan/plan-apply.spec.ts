import { describe, expect, it } from '@jest/globals';
import { providerById } from '@connect/adapters';
import { capabilitiesOf } from '../zone-turn/provider-sessions.js';
import { apex, given, me, ownedBy, plain, set, wanting } from './plan.fake.js';
import { isSafe } from './is-allowed.js';
import { planApply } from './plan-apply.js';
import { wireChange } from './project-plan.js';
import type { RecordSet } from '@connect/domain';
import type { Plan } from './plan.js';

const said = (plan: Plan): string[] => plan.consequences.map(({ code, owner_name, type }) => `${code} ${owner_name} ${type}`);
const written = (plan: Plan): string[] => plan.changes.map((change) => {
  const { action, owner_name, type, added, removed } = wireChange(change);
  return [action, owner_name, type, ...added.map((value) => `+${value}`), ...removed.map((value) => `-${value}`)].join(' ');
});
const cname = set('shop', 'CNAME', 'edge.saas.example.');

describe('a plan for a name where nothing is', () => {
  it('creates the set, owns its values and has no consequence', () => {
    const plan = planApply(given([set('www', 'A', '192.0.2.1')]), wanting(cname));

    expect(written(plan)).toEqual(['create shop.example.com. CNAME +edge.saas.example.']);
    expect(said(plan)).toEqual([]);
    expect(plan.owns.map(({ value }) => value)).toEqual(['edge.saas.example.']);
  });

  it('is empty when it is made again after the write', () => {
    const plan = planApply(given([cname], ownedBy(me, cname)), wanting(cname));

    expect(plan.changes).toEqual([]);
    expect(plan.owns).toHaveLength(1);
  });
});

describe('an equal value that was there before', () => {
  it('is used and not owned, and keeps its TTL', () => {
    const plan = planApply(given([{ ...cname, ttlSeconds: 7200 }]), wanting(cname));

    expect(plan.changes).toEqual([]);
    expect(plan.owns).toEqual([]);
    expect(plan.uses.map(({ value }) => value)).toEqual(['edge.saas.example.']);
  });

  it('is owned together when another connection wrote it', () => {
    const plan = planApply(given([cname], ownedBy('con_other', cname)), wanting(cname));

    expect(plan.changes).toEqual([]);
    expect(plan.owns).toHaveLength(1);
  });
});

describe('exclusive sets', () => {
  it.each<[string, RecordSet[], RecordSet, string[]]>([
    ['a foreign address gives way to a CNAME', [set('shop', 'A', '192.0.2.1')], cname, ['replaces_address shop.example.com. A']],
    ['a foreign CNAME gives way to another', [set('shop', 'CNAME', 'old.example.net.')], cname, ['replaces_cname shop.example.com. CNAME']],
    ['a foreign CNAME gives way to an address', [set('shop', 'CNAME', 'old.example.net.')], set('shop', 'A', '192.0.2.9'), ['replaces_cname shop.example.com. CNAME']],
    ['foreign AAAA does not stay beside our A', [set('shop', 'AAAA', '2001:db8::1')], set('shop', 'A', '192.0.2.9'), ['replaces_address shop.example.com. AAAA']],
    ['mail at the name stands against a CNAME', [set('shop', 'MX', '10 mail.example.net.')], cname, ['mail_at_name shop.example.com. MX']],
    ['text at the name stands against a CNAME', [set('shop', 'TXT', 'theirs')], cname, ['cname_conflict shop.example.com. TXT']],
    ['a foreign MX set is replaced as a whole', [set('@', 'MX', '10 mail.example.net.')], set('@', 'MX', '10 mx.saas.example.'), ['replaces_mx example.com. MX']],
    ['foreign HTTPS is replaced', [set('shop', 'HTTPS', '1 . alpn=h2')], set('shop', 'HTTPS', '1 edge.saas.example.'), ['changes_foreign_value shop.example.com. HTTPS']],
  ])('%s, and that is said', (_what, existing, wanted, consequences) => {
    const plan = planApply(given(existing), wanting(wanted));

    expect(said(plan)).toEqual(consequences);
    expect(plan.foreign.length).toBeGreaterThan(0);
    expect(plan.consequences[0]?.message).toMatch(/shop\.example\.com|example\.com/);
  });

  it('change without a word where the ledger says that all is ours', () => {
    const plan = planApply(given([set('shop', 'A', '192.0.2.1')], ownedBy(me, set('shop', 'A', '192.0.2.1'))), wanting(cname));

    expect(written(plan)).toEqual(['delete shop.example.com. A -192.0.2.1', 'create shop.example.com. CNAME +edge.saas.example.']);
    expect(said(plan)).toEqual([]);
  });

  it('count another connection’s values as foreign', () => {
    const plan = planApply(given([set('shop', 'A', '192.0.2.1')], ownedBy('con_other', set('shop', 'A', '192.0.2.1'))), wanting(cname));

    expect(said(plan)).toEqual(['replaces_address shop.example.com. A']);
  });
});

describe('additive sets', () => {
  it('take our value beside theirs and keep their TTL', () => {
    const plan = planApply(given([{ ...set('@', 'TXT', 'theirs'), ttlSeconds: 3600 }]), wanting(set('@', 'TXT', 'ours')));

    expect(written(plan)).toEqual(['update example.com. TXT +"ours"']);
    expect(plan.changes[0]?.after?.ttlSeconds).toBe(3600);
    expect(said(plan)).toEqual([]);
  });

  it('compare TXT by its octets, whatever the splitting', () => {
    const theirs = { ...set('@', 'TXT', 'x'), values: ['"ab" "cd"'] };

    expect(planApply(given([theirs]), wanting(set('@', 'TXT', 'abcd'))).changes).toEqual([]);
  });

  it('are left alone by create_only where somebody else has values', () => {
    const plan = planApply(given([set('@', 'TXT', 'theirs')]), { ...wanting(set('@', 'TXT', 'ours')), policy: 'create_only' });

    expect(said(plan)).toEqual(['changes_foreign_value example.com. TXT']);
  });

  it('say that the first CAA record closes the door to other authorities', () => {
    expect(said(planApply(given([]), wanting(set('@', 'CAA', '0 issue "ca.example"'))))).toEqual(['caa_forbids example.com. CAA']);
    expect(said(planApply(given([set('@', 'CAA', '0 issue "other.example"')]), wanting(set('@', 'CAA', '0 issue "ca.example"'))))).toEqual([]);
  });
});

describe('records of which a name may have one', () => {
  it('merges SPF term by term before the end of the record, and says so', () => {
    const plan = planApply(given([set('@', 'TXT', 'v=spf1 mx include:theirs.example ~all', 'other')]), wanting(set('@', 'TXT', 'v=spf1 include:saas.example -all')));

    expect(plan.changes[0]?.after?.values).toEqual(['"v=spf1 mx include:theirs.example include:saas.example ~all"', '"other"']);
    expect(said(plan)).toEqual(['second_spf example.com. TXT']);
    expect(plan.owns.map(({ valueKey }) => valueKey)).toEqual(['spf:include:saas.example']);
  });

  it('leaves an SPF record that it extends the lifetime that it had', () => {
    const theirs = { ...set('@', 'TXT', 'v=spf1 mx ~all'), ttlSeconds: 3_600 };

    expect(planApply(given([theirs]), wanting(set('@', 'TXT', 'v=spf1 include:saas.example -all'))).changes[0]?.after?.ttlSeconds).toBe(3_600);
  });

  it('makes no second plan once the SPF terms are in', () => {
    const existing = set('@', 'TXT', 'v=spf1 mx include:saas.example ~all');
    const ledger = ownedBy(me, set('@', 'TXT', 'v=spf1 include:saas.example'));

    expect(planApply(given([existing], ledger), wanting(set('@', 'TXT', 'v=spf1 include:saas.example -all'))).changes).toEqual([]);
  });

  it('extends another connection’s SPF record without asking, since all of it is ours', () => {
    const existing = set('@', 'TXT', 'v=spf1 include:a.example ~all');
    const plan = planApply(given([existing], ownedBy('con_other', existing)), wanting(set('@', 'TXT', 'v=spf1 include:b.example ~all')));

    expect(plan.changes[0]?.after?.values).toEqual(['"v=spf1 include:a.example include:b.example ~all"']);
    expect(said(plan)).toEqual([]);
    expect(plan.owns.map(({ valueKey }) => valueKey)).toEqual(['spf:include:b.example', 'spf:~all']);
  });

  it('says when the merged record needs more look-ups than receivers make', () => {
    const ten = Array.from({ length: 10 }, (_, i) => `include:s${i}.example`).join(' ');
    const plan = planApply(given([set('@', 'TXT', `v=spf1 ${ten} ~all`)]), wanting(set('@', 'TXT', 'v=spf1 include:saas.example ~all')));

    expect(said(plan)).toEqual(['second_spf example.com. TXT', 'changes_foreign_value example.com. TXT']);
  });

  it('replaces a DMARC record, and leaves other text at the name', () => {
    const plan = planApply(given([set('_dmarc', 'TXT', 'v=DMARC1; p=none', 'note')]), wanting(set('_dmarc', 'TXT', 'v=DMARC1; p=reject')));

    expect(plan.changes[0]?.after?.values).toEqual(['"note"', '"v=DMARC1; p=reject"']);
    expect(said(plan)).toEqual(['replaces_keyed_value _dmarc.example.com. TXT']);
  });
});

describe('an update', () => {
  it('takes away what the connection owns and wants no more, and nothing else', () => {
    const old = set('old', 'TXT', 'ours');
    const plan = planApply(given([set('old', 'TXT', 'theirs', 'ours'), set('other', 'A', '192.0.2.7')], ownedBy(me, old)), wanting(cname));

    expect(written(plan)).toEqual(['create shop.example.com. CNAME +edge.saas.example.', 'update old.example.com. TXT -"ours"']);
    expect(said(plan)).toEqual([]);
    expect(plan.letsGo.map(({ value }) => value)).toEqual(['"ours"']);
  });

  it('leaves a value that another connection owns as well', () => {
    const shared = set('old', 'TXT', 'shared');
    const plan = planApply(given([shared], [...ownedBy(me, shared), ...ownedBy('con_other', shared)]), wanting(cname));

    expect(written(plan)).toEqual(['create shop.example.com. CNAME +edge.saas.example.']);
    expect(plan.letsGo).toHaveLength(1);
  });
});

describe('a set behind the provider’s proxy', () => {
  const proxied = { ...set('shop', 'A', '192.0.2.1'), proxied: true };
  const wanted = { ...set('shop', 'A', '192.0.2.9'), ttlSeconds: 3600 };

  it('keeps the proxy’s TTL when its values are replaced: another one is never kept there', () => {
    expect(planApply(given([proxied]), wanting(wanted)).changes).toEqual([expect.objectContaining({ after: { ...proxied, values: wanted.values } })]);
  });

  it('that is ours and was put there by the customer needs no repair of its TTL', () => {
    expect(planApply(given([{ ...wanted, ttlSeconds: 300, proxied: true }], ownedBy(me, wanted)), wanting(wanted)).changes).toEqual([]);
  });
});

describe('what no plan does', () => {
  it('never touches NS and SOA at the apex', () => {
    expect(planApply(given([]), wanting(set('@', 'NS', 'ns.saas.example.'))).refusal?.code).toBe('apex_ns_refused');
    expect(planApply(given([]), wanting({ ...cname, type: 'SOA', ownerName: apex })).refusal?.code).toBe('apex_ns_refused');
  });

  it('does not write below a delegation', () => {
    expect(planApply(given([set('shop', 'NS', 'ns.elsewhere.example.')]), wanting(set('www.shop', 'A', '192.0.2.1'))).delegatedAt).toBe('shop.example.com.');
  });

  it('does not write names of another zone', () => {
    expect(planApply(given([], [], { apex: set('shop', 'A', '192.0.2.1').ownerName }), wanting(set('other', 'A', '192.0.2.1'))).refusal?.code).toBe('name_out_of_zone');
  });

  it('does not change a set whose settings the API cannot carry over', () => {
    const plan = planApply(given([{ ...set('shop', 'A', '192.0.2.1'), untouchable: 'routing policy' }]), wanting(cname));

    expect(plan.refusal).toMatchObject({ code: 'record_conflict' });
  });

  it('does not change a value that the API only shows, and writes beside it', () => {
    const spf = set('@', 'TXT', 'v=spf1 include:mail.example ~all');
    const locked = { ...spf, untouchable: 'managed_record', untouchableValues: spf.values };

    expect(planApply(given([locked]), wanting(set('@', 'TXT', 'saas-verify=1')))).toMatchObject({ refusal: null, changes: [{ after: { values: [...spf.values, '"saas-verify=1"'] } }] });
    expect(planApply(given([locked]), wanting(set('@', 'TXT', 'v=spf1 include:saas.example ~all'))).refusal).toMatchObject({ code: 'record_conflict' });
  });
});

describe('the apex', () => {
  const atApex = set('@', 'CNAME', 'edge.saas.example.');

  it('follows another name in the way the provider knows', () => {
    const flat = { ...plain, apexAlias: 'flattened_cname' } as const;
    const alias = { ...plain, apexAlias: 'alias_record' } as const;

    expect(written(planApply(given([set('@', 'MX', '10 mail.example.net.')], [], { capabilities: flat }), wanting(atApex)))).toEqual(['create example.com. CNAME +edge.saas.example.']);
    expect(written(planApply(given([], [], { capabilities: alias }), wanting(atApex)))).toEqual(['create example.com. ALIAS +edge.saas.example.']);
    expect(planApply(given([]), wanting(atApex)).refusal?.code).toBe('unsupported');
  });
});

describe('large changes and gaps', () => {
  const many = Array.from({ length: 10 }, (_, i) => set(`n${i}`, 'A', '192.0.2.1'));

  it('are said from 30 % of ten record sets on', () => {
    const four = many.slice(0, 4).map((each) => ({ ...each, values: ['198.51.100.1'] }));

    expect(said(planApply(given(many), wanting(...four))).filter((text) => text.startsWith('large'))).toHaveLength(1);
    expect(said(planApply(given(many), wanting(...four.slice(0, 3)))).filter((text) => text.startsWith('large'))).toEqual([]);
  });

  it('name the moment without a record where the provider cannot swap types at once', () => {
    const plan = planApply(given([set('shop', 'A', '192.0.2.1')], [], { capabilities: { ...plain, isAtomic: false } }), wanting(cname));

    expect(said(plan)).toEqual(['replaces_address shop.example.com. A', 'type_change_gap shop.example.com. CNAME']);
  });
});

describe('sets of other names that the API only reads', () => {
  const capabilities = capabilitiesOf(providerById('namecheap').descriptor);

  it('ask for nothing where a write of the whole zone carries them over', () => {
    const carried = [{ ...set('@', 'URL', 'http://www.example.com/'), untouchable: 'console_record' }, { ...set('@', 'MX', '10 mx1.privateemail.com.'), untouchable: 'managed_mail' }];

    expect(said(planApply(given(carried, [], { capabilities }), wanting(cname)))).toEqual([]);
  });

  it('are asked for, with their values, where such a write may lose them', () => {
    const srv = { ...set('_sip._tls', 'SRV', '100 1 443 sip.example.net.'), untouchable: 'hidden_row' };
    const plan = planApply(given([srv], [], { capabilities }), wanting(cname));

    expect(said(plan)).toEqual(['untouchable_set _sip._tls.example.com. SRV']);
    expect(plan.consequences[0]).toMatchObject({ message: expect.stringContaining('SRV record at _sip._tls.example.com (100 1 443 sip.example.net.)'), values: srv.values });
    expect(isSafe(plan, 'replace_conflicting')).toBe(false);
    expect(said(planApply(given([srv, cname], ownedBy(me, cname), { capabilities }), wanting(cname)))).toEqual([]);
  });
});
