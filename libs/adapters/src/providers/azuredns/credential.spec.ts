import { describe, expect, it } from '@jest/globals';
import { formRefusal } from '../../conformance/index.js';
import { azurednsHosts, clouds } from './clouds.js';
import { azurednsCredential, azurednsCredentialDescription, neededActions } from './credential.js';
import { credentialJson } from './azuredns-world.fake.js';
import { allows } from './permissions.js';
import { azurednsDescriptor } from './descriptor.js';
import { azuredns } from './index.js';

const parse = (text: string): ReturnType<typeof azurednsCredential.parse> => azurednsCredential.parse(text);

describe('the JSON of the user’s page', () => {
  it('is taken as it is', () => {
    expect(parse(credentialJson())).toMatchObject({ tenantId: '11111111-aaaa-4bbb-8ccc-000000000001', resourceGroup: 'dns-rg', cloud: clouds.public });
  });

  it.each([
    ['with a domain of the directory', { tenant_id: 'contoso.onmicrosoft.com' }, { tenantId: 'contoso.onmicrosoft.com' }],
    ['for US Government', { cloud: 'usgov' }, { cloud: { loginHost: 'login.microsoftonline.us', managerHost: 'management.usgovcloudapi.net' } }],
    ['for China', { cloud: 'china' }, { cloud: { loginHost: 'login.chinacloudapi.cn', managerHost: 'management.chinacloudapi.cn' } }],
    ['for the public cloud, said', { cloud: 'public' }, { cloud: clouds.public }],
    ['with a group of odd letters', { resource_group: 'Größe_(dns).1-a' }, { resourceGroup: 'Größe_(dns).1-a' }],
    ['with a secret that is a GUID, as the older Azure CLI made them', { client_secret: '11111111-aaaa-4bbb-8ccc-000000000009' }, {}],
    ['with members that nobody asked for', { clientSecretDescription: 'x' }, {}],
  ])('%s', (_, changed, expected) => {
    expect(parse(credentialJson(changed))).toMatchObject(expected);
  });

  it('keeps the secret in a Secret', () => {
    expect(JSON.stringify(parse(credentialJson({ client_secret: 'fake-canary-value' })))).not.toContain('canary');
  });
});

describe('another form', () => {
  it.each([
    ['no JSON', 'tenant:client:value', 'it needs the form'],
    ['no tenant', credentialJson({ tenant_id: undefined }), '"tenant_id"'],
    ['an address as tenant', credentialJson({ tenant_id: 'login.microsoftonline.com/common' }), '"tenant_id"'],
    ['a name as client', credentialJson({ client_id: 'my-app' }), '"client_id"'],
    ['no secret', credentialJson({ client_secret: undefined }), 'not its Secret ID'],
    ['no subscription', credentialJson({ subscription_id: '' }), '"subscription_id"'],
    ['a path as subscription', credentialJson({ subscription_id: '../11111111-aaaa-4bbb-8ccc-000000000003' }), '"subscription_id"'],
    ['no resource group', credentialJson({ resource_group: undefined }), '"resource_group"'],
    ['a path as resource group', credentialJson({ resource_group: 'a/providers/b' }), '"resource_group"'],
    ['dots as resource group', credentialJson({ resource_group: '..' }), '"resource_group"'],
    ['a cloud that nobody knows', credentialJson({ cloud: 'internal.example' }), '"cloud" is one of public, usgov, china'],
    ['an address as cloud', credentialJson({ cloud: 'https://management.internal.example' }), '"cloud" is one of'],
    ['the members of an object', credentialJson({ cloud: 'constructor' }), '"cloud" is one of'],
  ])('is refused and the right one named: %s', (_, text, says) => {
    expect(formRefusal(azuredns, text)).toMatch(/^credential_format: it needs the form: \{"tenant_id"/);
    expect(formRefusal(azuredns, text)).toContain(says);
  });

  it('is not repeated', () => {
    const text = formRefusal(azuredns, credentialJson({ tenant_id: 'canary 1', client_id: 'canary-2', client_secret: 'canary 3', cloud: 'canary-4', resource_group: 'canary/5' }));

    expect(text).not.toContain('canary');
  });
});

it('talks to the hosts of the three clouds only, and all are declared', () => {
  expect(azurednsDescriptor.hosts).toBe(azurednsHosts);
  expect(azurednsHosts).toEqual(['management.azure.com', 'login.microsoftonline.com', 'management.usgovcloudapi.net', 'login.microsoftonline.us', 'management.chinacloudapi.cn', 'login.chinacloudapi.cn']);
});

describe('rights', () => {
  it('are what a role holds without what it leaves out, in any case', () => {
    const write = 'Microsoft.Network/dnsZones/TXT/write';

    expect(allows([{ actions: ['microsoft.network/DNSZONES/*'] }], write)).toBe(true);
    expect(allows([{ actions: ['*'], notActions: ['Microsoft.Network/*/write'] }], write)).toBe(false);
    expect(allows([{ actions: ['*'], notActions: ['Microsoft.Network/*/write'] }, { actions: ['Microsoft.Network/dnsZones/TXT/*'] }], write)).toBe(true);
    expect(allows([{ actions: ['*/read', 'Microsoft.Network/dnsZones/TXT'] }, { actions: null }], write)).toBe(false);
    expect(allows([{ actions: ['Microsoft.*/TXT/*/write'] }], write)).toBe(false);
  });

  it('of the minimal policy are what a write needs, and the right to look at them', () => {
    const role = JSON.parse(/'(\{.*\})'/.exec(azurednsCredentialDescription.minimalPolicy)![1]!) as { Actions: string[] };

    expect(role.Actions).toEqual([...neededActions, 'Microsoft.Authorization/permissions/read']);
  });
});
