import { z } from 'zod';
import { ProviderError, secret, type Secret } from '@connect/domain';
import { jsonOf } from '../../base/index.js';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';
import { cloudNames, clouds, type Cloud } from './clouds.js';

export type AzurednsCredential = { tenantId: string; clientId: string; clientSecret: Secret<string>; subscriptionId: string; resourceGroup: string; cloud: Cloud };

const guid = z.string().regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i);

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules for the resource group, verified 2026-11. */
export const ServicePrincipal = z.object({
  tenant_id: guid.or(z.string().max(253).regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+$/i)),
  client_id: guid,
  client_secret: z.string().min(8).max(1_000).regex(/^[\x21-\x7e]+$/),
  subscription_id: guid,
  resource_group: z.string().regex(/^[\p{L}\p{N}_.()-]{0,89}[\p{L}\p{N}_()-]$/u),
  cloud: z.enum(cloudNames).optional(),
});
export type ServicePrincipal = z.infer<typeof ServicePrincipal>;

const format = '{"tenant_id": "…", "client_id": "…", "client_secret": "…", "subscription_id": "…", "resource_group": "…"}';

/** What each member has to look like; said in place of what was given. */
const members: Readonly<Record<keyof ServicePrincipal, string>> = {
  tenant_id: '"tenant_id" is the Directory (tenant) ID, a GUID, or a verified domain of the directory',
  client_id: '"client_id" is the Application (client) ID, a GUID',
  client_secret: '"client_secret" is the Value of the client secret, about 40 characters, and not its Secret ID',
  subscription_id: '"subscription_id" is the id of the subscription, a GUID',
  resource_group: '"resource_group" is the name of the resource group that holds the zone, without a path',
  cloud: `"cloud" is one of ${cloudNames.join(', ')}, or left out`,
};

export const azurednsCredential: CredentialForm<AzurednsCredential> = {
  parse(token) {
    const parsed = ServicePrincipal.safeParse(jsonOf(token.replace(/^\uFEFF/, '')));
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path }) => path[0]);
      const first = (Object.keys(members) as (keyof ServicePrincipal)[]).find((member) => wrong.includes(member));
      throw new ProviderError('credential_format', { detail: `it needs the form: ${format}${first === undefined ? '' : `; ${members[first]}`}` });
    }
    const { tenant_id: tenantId, client_id: clientId, client_secret: clientSecret, subscription_id: subscriptionId, resource_group: resourceGroup, cloud = 'public' } = parsed.data;
    return { tenantId, clientId, clientSecret: secret(clientSecret), subscriptionId, resourceGroup, cloud: clouds[cloud] };
  },
};

const writtenTypes = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'];

/** What a write needs; the last of the policy below is for the check only. https://learn.microsoft.com/azure/role-based-access-control/permissions/networking, verified 2026-11. */
export const neededActions: readonly string[] = [
  'Microsoft.Network/dnsZones/read', 'Microsoft.Network/dnsZones/recordsets/read',
  ...writtenTypes.flatMap((type) => ['write', 'delete'].map((verb) => `Microsoft.Network/dnsZones/${type}/${verb}`)),
];

const minimalPolicy = `# A role with what is needed and no more, given on the one zone {{zone}}; the last action only lets our check say what the role may do
az role definition create --role-definition '${JSON.stringify({
  Name: 'Connect domain', Description: 'Writes record sets of a DNS zone',
  Actions: [...neededActions, 'Microsoft.Authorization/permissions/read'],
  AssignableScopes: ['/subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP'],
})}'
az role assignment create --assignee CLIENT_ID --role "Connect domain" \\
  --scope /subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP/providers/Microsoft.Network/dnsZones/{{zone}}`;

export const azurednsCredentialDescription: CredentialDescription = {
  format,
  json: true,
  fields: [
    { name: 'tenant_id', secret: false, format: 'Directory (tenant) ID, or a verified domain of it', placeholder: '11111111-2222-3333-4444-555555555555' },
    { name: 'client_id', secret: false, format: 'Application (client) ID', placeholder: '11111111-2222-3333-4444-555555555555' },
    { name: 'client_secret', secret: true, format: 'the Value of a client secret, about 40 characters; not its Secret ID', placeholder: 'shown once, when it is made' },
    { name: 'subscription_id', secret: false, format: 'id of the subscription', placeholder: '11111111-2222-3333-4444-555555555555' },
    { name: 'resource_group', secret: false, format: 'name of the resource group that holds the zone', placeholder: 'dns-rg' },
    { name: 'cloud', secret: false, format: `optional: ${cloudNames.join(', ')}`, placeholder: 'public' },
  ],
  steps: [
    'Open Microsoft Entra ID in the Azure portal, App registrations, New registration. Note the Application (client) ID and the Directory (tenant) ID.',
    'Open the app, Certificates & secrets, New client secret. Copy its Value (not the Secret ID); it is shown once.',
    'Open the resource group that holds the DNS zone, Access control (IAM), Add role assignment: DNS Zone Contributor, to the app. Narrower: on the zone itself, or the role of the minimal policy.',
    'Note the subscription id and the name of the resource group. The assignment takes some minutes to be effective.',
    'Put the five values into the JSON; add "cloud" only for US Government (usgov) or China (china).',
  ],
  gate: 'The subscription must be active and have the resource provider Microsoft.Network registered; resource locks and Azure policies may forbid changes, and conditional access may keep the app out.',
  minimalPolicy,
};
