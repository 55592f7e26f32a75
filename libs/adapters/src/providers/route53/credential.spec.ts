import { describe, expect, it } from '@jest/globals';
import { isConnectError } from '@connect/domain';
import { route53Credential } from './credential.js';

const id = 'AKIAIOSFODNN7EXAMPLE';
const key = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

describe('the credential of the user’s page', () => {
  it('is accessKeyId:secretAccessKey', () => {
    expect(route53Credential.parse(`${id}:${key}`)).toEqual({ accessKeyId: id, secretAccessKey: key, partition: { id: 'aws', host: 'route53.amazonaws.com', signingRegion: 'us-east-1' } });
  });

  it.each([
    ['eu-central-1', 'route53.amazonaws.com', 'us-east-1'], ['us-east-1', 'route53.amazonaws.com', 'us-east-1'], ['cn-north-1', 'route53.amazonaws.com.cn', 'cn-northwest-1'],
    ['us-gov-east-1', 'route53.us-gov.amazonaws.com', 'us-gov-west-1'], ['eusc-de-east-1', 'route53.amazonaws.eu', 'eusc-de-east-1'],
  ])('takes the region %s for the partition only', (region, host, signingRegion) => {
    expect(route53Credential.parse(`${id}:${key}:${region}`).partition).toMatchObject({ host, signingRegion });
  });

  it.each([id, `${id}:`, `${id}:short`, `:${key}`, `${id}:${key}:`, `${id}:${key}:Frankfurt`, `${id}:${key}:us-iso-east-1`, `${id}:${key}:eu-central-1:more`, `${id.toLowerCase()}:${key}`, ` ${id}:${key}`])('refuses another form without repeating it', (token) => {
    const refused = refusalOf(token);

    expect(refused.code).toBe('credential_format');
    expect(refused.text).toContain('accessKeyId:secretAccessKey');
    for (const part of [id, key, 'short', 'Frankfurt']) expect(refused.text).not.toContain(part);
  });

  it('says that a temporary key is useless without its session token', () => {
    expect(refusalOf(`ASIAIOSFODNN7EXAMPLE:${key}`).text).toMatch(/temporary .*session token/);
  });
});

function refusalOf(token: string): { code: string; text: string } {
  try {
    route53Credential.parse(token);
  } catch (error) {
    if (isConnectError(error)) return { code: error.code, text: `${error.message} ${error.detail}` };
    throw error;
  }
  return { code: 'taken', text: '' };
}
