import { describe, expect, it } from '@jest/globals';
import { recordValue } from '@connect/domain';
import type { ProviderCapabilities, RefusedData } from '../spi/index.js';
import { valueRefusal } from './capability-rules.js';

const able: ProviderCapabilities = {
  types: ['CAA', 'SRV', 'TXT'], apexAlias: 'none', wildcard: true, underscoreNames: true, ttl: { minSeconds: 60, maxSeconds: 86_400 }, nullMx: true, srvDotTarget: true,
  caaIssuerCritical: true, emptyTxt: true, maxTxtBytes: 4_000, nonAsciiTxt: true, listsZones: true,
};

describe('data that a provider refuses is refused by name', () => {
  it.each<[RefusedData, string, string, string]>([
    ['txt_double_quotes', 'TXT', '"a \\"b\\""', '"a b"'],
    ['txt_unpaired_double_quotes', 'TXT', '"say \\"a"', '"say \\"a\\""'],
    ['txt_backslash', 'TXT', '"a\\\\b"', '"a/b"'],
    ['txt_trailing_space', 'TXT', '"a "', '" a"'],
    ['caa_whitespace', 'CAA', '0 issue "ca.example.net; account=1"', '0 issue "ca.example.net"'],
    ['caa_parameters', 'CAA', '0 issue "ca.example.net;account=1"', '0 issue "ca.example.net"'],
    ['caa_empty_issuer', 'CAA', '0 issuewild ";"', '0 issuewild "ca.example.net"'],
    ['srv_priority_zero', 'SRV', '0 1 2 a.example.net.', '10 1 2 a.example.net.'],
  ])('%s', (name, type, refused, fine) => {
    expect(valueRefusal(type, recordValue(type, refused), { ...able, refusedData: [name] })).not.toBeNull();
    expect(valueRefusal(type, recordValue(type, fine), { ...able, refusedData: [name] })).toBeNull();
    expect(valueRefusal(type, recordValue(type, refused), able)).toBeNull();
  });
});
