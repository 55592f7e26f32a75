import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** Route 53 is a global service: its host and the region in the signature are fixed for each partition of AWS. */
export type Partition = { id: string; host: string; signingRegion: string };
export type Route53Credential = { accessKeyId: string; secretAccessKey: string; partition: Partition };

/** https://docs.aws.amazon.com/general/latest/gr/r53.html and botocore's endpoints, verified 2026-11. The longest prefix comes first. */
const partitions: readonly (Partition & { regions: RegExp })[] = [
  { id: 'aws-cn', regions: /^cn-/, host: 'route53.amazonaws.com.cn', signingRegion: 'cn-northwest-1' },
  { id: 'aws-us-gov', regions: /^us-gov-/, host: 'route53.us-gov.amazonaws.com', signingRegion: 'us-gov-west-1' },
  { id: 'aws-eusc', regions: /^eusc-/, host: 'route53.amazonaws.eu', signingRegion: 'eusc-de-east-1' },
  { id: 'aws', regions: /^(?!.*-iso)/, host: 'route53.amazonaws.com', signingRegion: 'us-east-1' },
];

export const route53Hosts: readonly string[] = partitions.map(({ host }) => host);

const form = 'accessKeyId:secretAccessKey or accessKeyId:secretAccessKey:region';

export const route53Credential: CredentialForm<Route53Credential> = {
  parse(token) {
    const [accessKeyId = '', secretAccessKey = '', region, ...more] = token.split(':');
    if (more.length > 0 || secretAccessKey === '') throw wrongForm('');
    if (/^ASIA/.test(accessKeyId)) throw wrongForm('; the access key id begins with ASIA, so it is temporary and useless without its session token: give the long-lived key (AKIA…) of an IAM user');
    if (!/^[A-Z0-9]{20}$/.test(accessKeyId)) throw wrongForm('; the access key id has 20 capital letters and digits (AKIA…)');
    if (!/^[A-Za-z0-9/+=]{40}$/.test(secretAccessKey)) throw wrongForm('; the secret access key has 40 characters');
    return { accessKeyId, secretAccessKey, partition: partitionOf(region) };
  },
};

/** The region only says which partition of AWS the account is in; it is not the one that is signed for. */
function partitionOf(region: string | undefined): Partition {
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]{2,})+-\d$/.test(region)) throw wrongForm('; a region looks like eu-central-1, and may be left out');
  const found = partitions.find(({ regions }) => regions.test(region ?? 'us-east-1'));
  if (found === undefined) throw wrongForm('; the region belongs to an isolated partition of AWS that cannot be reached from the Internet');
  const { id, host, signingRegion } = found;
  return { id, host, signingRegion };
}

function wrongForm(more: string): ProviderError {
  return new ProviderError('credential_format', { detail: `it needs the form ${form}${more}` });
}

/** GetChange only lets us wait for INSYNC: a key without it works as well. */
const policy = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets', 'route53:GetHostedZone'], Resource: 'arn:aws:route53:::hostedzone/{{zone}}' },
    { Effect: 'Allow', Action: 'route53:GetChange', Resource: 'arn:aws:route53:::change/*' },
  ],
};

export const route53CredentialDescription: CredentialDescription = {
  format: 'accessKeyId:secretAccessKey[:region]',
  json: false,
  fields: [
    { name: 'accessKeyId', secret: false, format: '20 capital letters and digits, AKIA…', placeholder: 'AKIA…' },
    { name: 'secretAccessKey', secret: true, format: '40 characters', placeholder: 'shown once, when the key is created' },
    { name: 'region', secret: false, format: 'optional; needed for China (cn-…), GovCloud (us-gov-…) and the European Sovereign Cloud (eusc-…) only', placeholder: 'eu-central-1' },
  ],
  steps: [
    'Open Route 53, Hosted zones, and note the Hosted Zone ID (Z…) of the public zone: the connection’s zone is this ID, not the name.',
    'Open IAM, Policies, Create policy, JSON, and paste the minimal policy with that ID.',
    'Open IAM, Users, Create user, without access to the console, and attach the policy.',
    'Open the user, Security credentials, Create access key, and join its two parts with a colon: accessKeyId:secretAccessKey.',
  ],
  gate: null,
  minimalPolicy: JSON.stringify(policy, null, 2),
};
