import { valuesOf, type Change } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

const source = 'https://github.com/desec-io/desec-stack api/desecapi/dns.py and tests/test_rrsets.py, 2026-08';

/** Their server refuses, as PowerDNS does, a target that is no host name: letters, digits and hyphens. A CNAME may have it. */
const targetThatIsNoHostName: AuditRule = {
  name: 'targetThatIsNoHostName',
  source,
  refuses(change: Change) {
    if (!['MX', 'NS', 'SRV'].includes(change.type)) return null;
    const targets = valuesOf(change).added.map((value) => value.split(' ').at(-1)!);
    const odd = targets.some((target) => target !== '.' && !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+$/.test(target));
    return odd ? `the target of ${change.type} is not a host name` : null;
  },
};

/** Their `subname` is a-z, 0-9, "-", "_" and dots, with "*" only as the first label. */
const nameThatTheyDoNotTake: AuditRule = {
  name: 'nameThatTheyDoNotTake',
  source,
  refuses: ({ ownerName, after }: Change) =>
    after !== null && !/^(\*\.)?([a-z0-9_-]+\.)+$/.test(ownerName) ? 'a name has letters, digits, "-" and "_" only' : null,
};

/** 4,091 records and 64,000 characters as JSON for one set. */
const setOfTooManyRecords: AuditRule = {
  name: 'setOfTooManyRecords',
  source: 'https://desec.readthedocs.io/en/latest/dns/rrsets.html, 2026-11',
  refuses: ({ after }: Change) =>
    after !== null && (after.values.length > 4_091 || JSON.stringify(after.values).length > 64_000) ? 'a set has at most 4,091 records and 64,000 characters' : null,
};

export const desecAudit: readonly AuditRule[] = [targetThatIsNoHostName, nameThatTheyDoNotTake, setOfTooManyRecords];
