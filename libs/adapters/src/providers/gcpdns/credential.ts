import type { KeyObject } from 'node:crypto';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';
import { keyFileOf, rsaKeyOf, wrongForm } from './service-account-key.js';

/** `tokenUrl` is null where a JWT of our own is the access token. */
export type GcpdnsCredential = { clientEmail: string; keyId: string | null; privateKey: KeyObject; project: string; managedZone: string | null; apiHost: string; tokenUrl: string | null };

/**
 * The clouds that are run by or with Google: the public one, Cloud de Confiance by S3NS (France), Google Cloud Dedicated (Germany). Each has its own
 * hosts and accounts. The list is closed, since the name comes from the customer's input. https://documentation.s3ns.fr, verified 2026-11.
 */
const publicUniverse = 'googleapis.com';
const universes = [publicUniverse, 's3nsapis.fr', 'apis-berlin-build0.goog'];

/** Where key files of today, the first, and older ones send us for a token; all answer. google-auth-library for Node and for Python, verified 2026-11. */
const tokenUrls = ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token', 'https://www.googleapis.com/oauth2/v4/token', 'https://www.googleapis.com/oauth2/v3/token'];

export const gcpdnsHosts: readonly string[] = [...universes.map((universe) => `dns.${universe}`), ...new Set(tokenUrls.map((url) => new URL(url).host))];

export const gcpdnsCredential: CredentialForm<GcpdnsCredential> = {
  parse(token) {
    const key = keyFileOf(token);
    const universe = key.universe_domain ?? publicUniverse;
    if (!universes.includes(universe)) throw wrongForm(`"universe_domain" is one of ${universes.join(', ')}`);
    return {
      clientEmail: key.client_email,
      keyId: key.private_key_id ?? null,
      privateKey: rsaKeyOf(key.private_key),
      project: key.project ?? key.project_id,
      managedZone: key.managed_zone ?? null,
      apiHost: `dns.${universe}`,
      tokenUrl: universe === publicUniverse ? tokenUrlOf(key.token_uri ?? tokenUrls[0]!) : null,
    };
  },
};

/** The key file is a customer's input: what it names is called only where it is Google's. */
function tokenUrlOf(tokenUri: string): string {
  if (!tokenUrls.includes(tokenUri)) throw wrongForm(`"token_uri" is not Google's: it is ${tokenUrls[0]!}`);
  return tokenUri;
}

/** What a write needs. Reading a change back only lets us wait for the name servers. https://cloud.google.com/dns/docs/access-control, verified 2026-11. */
export const neededPermissions = ['dns.managedZones.get', 'dns.resourceRecordSets.list', 'dns.resourceRecordSets.create', 'dns.resourceRecordSets.update', 'dns.resourceRecordSets.delete', 'dns.changes.create'] as const;

const minimalPolicy = `# A role with what is needed and no more, given on the one zone {{zone}}
gcloud iam roles create connectDomain --project=PROJECT_ID --title="Connect domain" \\
  --permissions=${[...neededPermissions, 'dns.changes.get'].join(',')}
gcloud dns managed-zones add-iam-policy-binding {{zone}} \\
  --member=serviceAccount:CLIENT_EMAIL --role=projects/PROJECT_ID/roles/connectDomain`;

export const gcpdnsCredentialDescription: CredentialDescription = {
  format: 'the JSON key of a service account, with "managed_zone": "<the zone\'s name in Cloud DNS>" added',
  json: true,
  fields: [
    { name: 'type', secret: false, format: 'service_account', placeholder: 'service_account' },
    { name: 'project_id', secret: false, format: 'id of the project', placeholder: 'my-project-123456' },
    { name: 'private_key_id', secret: false, format: '40 hexadecimal digits', placeholder: 'as in the file' },
    { name: 'private_key', secret: true, format: 'PEM of an RSA key', placeholder: 'as in the file' },
    { name: 'client_email', secret: false, format: 'address of the service account', placeholder: 'dns@my-project-123456.iam.gserviceaccount.com' },
    { name: 'token_uri', secret: false, format: 'as in the file; a host of Google', placeholder: tokenUrls[0]! },
    { name: 'universe_domain', secret: false, format: `as in the file; one of ${universes.join(', ')}`, placeholder: publicUniverse },
    { name: 'managed_zone', secret: false, format: 'name (or number) of the zone in Cloud DNS, not its DNS name; found by the DNS name where it is missing', placeholder: 'example-com' },
    { name: 'project', secret: false, format: 'optional: the project that holds the zone, if it is not the one of the service account', placeholder: 'my-dns-project' },
  ],
  steps: [
    'Open APIs & Services in the Google Cloud console and see that the Cloud DNS API is enabled in the project of the zone.',
    'Open Network Services, Cloud DNS, and note the Zone name (such as example-com) of the public zone.',
    'Open IAM & Admin, Service Accounts, Create service account.',
    'Give it the role DNS Administrator (roles/dns.admin) on the project; narrower: the role of the minimal policy, on the zone only.',
    'Open the service account, Keys, Add key, Create new key, JSON. The file is downloaded once.',
    'Add a member "managed_zone" with the Zone name to the file, and give its whole content.',
  ],
  gate: 'The Cloud DNS API must be enabled in the project, and the project must have active billing. An organization policy (iam.disableServiceAccountKeyCreation) may forbid keys.',
  minimalPolicy,
};
