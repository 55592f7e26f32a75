import { writableTypes } from '@connect/domain';
import type { ProviderDescriptor } from '../../spi/index.js';
import { referenceCredentialDescription } from './credential.js';

export const referenceDescriptor: ProviderDescriptor = {
  id: 'reference',
  name: 'Reference provider',
  links: { console: null, documentation: 'https://api.reference.example/docs' },
  granularity: 'record_set',
  writeGuard: 'compare_and_swap',
  atomicWrite: true,
  maxChangesPerWrite: 50,
  partialRead: false,
  settleTimeMs: 0,
  callTimeoutMs: 10_000,
  capabilities: {
    types: [...writableTypes],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 60, maxSeconds: 86_400 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 4_000,
    nonAsciiTxt: true,
    listsZones: true,
  },
  limits: [{ scope: 'token', calls: 'all', amount: 300, windowSeconds: 60 }],
  hosts: ['api.reference.example'],
  credential: referenceCredentialDescription,
  nameServerPatterns: ['*.dns.reference.example'],
  sunset: null,
};
