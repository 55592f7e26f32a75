import { describe, expect, it } from '@jest/globals';
import { parseHostname } from './hostname.js';
import { renderTemplate, variablesOf, type TemplateRecord } from './record-template.js';

const hostname = parseHostname('shop.example.com');

describe('a record template', () => {
  it('is filled in for one hostname', () => {
    const sets = renderTemplate([{ type: 'CNAME', name: '@', value: '{{customer}}.edge.example.net', ttl_seconds: 60 }, { type: 'TXT', name: '_verify.{{hostname}}', value: 'site={{hostname}}' }], hostname, { customer: 'c1' });

    expect(sets).toEqual([
      { ownerName: 'shop.example.com.', type: 'CNAME', ttlSeconds: 60, values: ['c1.edge.example.net.'] },
      { ownerName: '_verify.shop.example.com.', type: 'TXT', ttlSeconds: 300, values: ['"site=shop.example.com"'] },
    ]);
  });

  it('gathers the values of one name and type into one record set', () => {
    const sets = renderTemplate([{ type: 'A', name: '@', value: '192.0.2.1' }, { type: 'A', name: '@', value: '192.0.2.2' }], hostname);

    expect(sets).toEqual([{ ownerName: 'shop.example.com.', type: 'A', ttlSeconds: 300, values: ['192.0.2.1', '192.0.2.2'] }]);
  });

  it('takes a relative name below the hostname', () => {
    expect(renderTemplate([{ type: 'TXT', name: '_dmarc', value: 'x' }], hostname)[0]?.ownerName).toBe('_dmarc.shop.example.com.');
  });

  it('names the variables that the caller has to give', () => {
    expect(variablesOf([{ type: 'CNAME', name: '{{subdomain}}', value: '{{ target }}.example.net' }])).toEqual(['target']);
  });

  it('refuses a missing variable, a CNAME beside others and a value that is no record data', () => {
    expect(() => renderTemplate([{ type: 'CNAME', name: '@', value: '{{target}}' }], hostname)).toThrow(expect.objectContaining({ code: 'template_variable_missing' }));
    expect(() => renderTemplate([{ type: 'CNAME', name: '@', value: 'a.example' }, { type: 'TXT', name: '@', value: 'x' }], hostname)).toThrow(expect.objectContaining({ code: 'template_conflict' }));
    expect(() => renderTemplate([{ type: 'A', name: '@', value: 'nonsense' }], hostname)).toThrow(expect.objectContaining({ code: 'record_invalid' }));
  });

  it.each<[string, TemplateRecord[], Record<string, string>]>([
    ['one value that its variables blow up', [{ type: 'TXT', name: '@', value: '{{v}}'.repeat(819) }], { v: 'é'.repeat(2_048) }],
    ['many values that are too much together', Array.from({ length: 60 }, (_, at) => ({ type: 'TXT' as const, name: `t${at}`, value: '{{v}}' })), { v: 'x'.repeat(2_048) }],
  ])('refuses %s, and names the record', (_, records, variables) => {
    expect(() => renderTemplate(records, hostname, variables)).toThrow(expect.objectContaining({ code: 'record_invalid', detail: expect.stringMatching(/^TXT \S{1,255}: .*64000 octets/) }));
  });

  it('takes long values: a hundred keys of DKIM', () => {
    const records = Array.from({ length: 100 }, (_, at): TemplateRecord => ({ type: 'TXT', name: `key${at}._domainkey`, value: `v=DKIM1; k=rsa; p=${'A'.repeat(392)}` }));

    expect(renderTemplate(records, hostname)).toHaveLength(100);
  });
});
