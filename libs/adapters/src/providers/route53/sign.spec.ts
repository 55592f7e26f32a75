import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { signed } from './sign.js';

const Vectors = z.object({
  accessKeyId: z.string(), secretAccessKey: z.string(), at: z.string(), region: z.string(), service: z.string(), host: z.string(),
  cases: z.array(z.object({ name: z.string(), method: z.string(), path: z.string(), query: z.array(z.tuple([z.string(), z.string()])).optional(), headers: z.record(z.string(), z.string()).optional(), sessionToken: z.string().optional(), signature: z.string() })),
});
const vectors = Vectors.parse(JSON.parse(readFileSync(new URL('./__fixtures__/sigv4-vectors.json', import.meta.url), 'utf8')));

describe('the published vectors of Signature Version 4', () => {
  it.each(vectors.cases.map((each) => [each.name, each] as const))('%s', (_, { sessionToken, signature, ...request }) => {
    const key = { accessKeyId: vectors.accessKeyId, secretAccessKey: vectors.secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };

    const { headers } = signed({ ...request, host: vectors.host }, key, vectors, new Date(vectors.at));

    expect(headers['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
  });
});

/** Computed by two implementations independent of this one, with equal result, 2026-11-23. */
describe('Route 53’s own requests', () => {
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const scope = { region: 'us-east-1', service: 'route53' };
  const now = new Date('2026-11-23T05:00:00Z');
  const host = 'route53.amazonaws.com';

  it('encodes `*`, space and slash in the query and sorts it', () => {
    const query: [string, string][] = [['type', 'TXT'], ['name', '*.example.com.'], ['maxitems', '1'], ['identifier', 'a b/c']];

    const { url, headers } = signed({ method: 'GET', host, path: '/2013-04-01/hostedzone/Z123ABC/rrset', query }, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }, scope, now);

    expect(url).toBe('https://route53.amazonaws.com/2013-04-01/hostedzone/Z123ABC/rrset?identifier=a%20b%2Fc&maxitems=1&name=%2A.example.com.&type=TXT');
    expect(new URL(url).href).toBe(url);
    expect(headers['authorization']).toBe('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature=aa74e2fbed29e1129449eb543200b63e429bbee6910840347eb0bb71c26e75f1');
  });

  it('signs the session token of a temporary key', () => {
    const query: [string, string][] = [['maxitems', '300'], ['name', 'www.example.com.'], ['type', 'A']];

    const { headers } = signed({ method: 'GET', host, path: '/2013-04-01/hostedzone/Z123ABC/rrset', query }, { accessKeyId: 'ASIAEXAMPLE', secretAccessKey, sessionToken: 'SESSIONTOKEN==' }, scope, now);

    expect(headers['authorization']).toMatch(/SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=dbfd37a398e161d5fb2da3891e4f4acf9948922b528170e5944f95f4c7f3286d$/);
  });

  it('signs the body and keeps the slash at the end of the path of a write', () => {
    const body = '<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>UPSERT</Action><ResourceRecordSet><Name>www.example.com.</Name><Type>A</Type><TTL>300</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>';

    const { url, headers } = signed({ method: 'POST', host, path: '/2013-04-01/hostedzone/Z123ABC/rrset/', headers: { 'Content-Type': 'text/xml' }, body }, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }, scope, now);

    expect(url).toMatch(/\/rrset\/$/);
    expect(headers['authorization']).toMatch(/SignedHeaders=content-type;host;x-amz-date, Signature=056cdeb1c37af528cbf88bc2d59750abcf6737e91b86f02c74aee2ab5ba663c9$/);
  });
});
