import { describe, expect, it } from '@jest/globals';
import { formRefusal } from '../../conformance/index.js';
import { route53Credential } from './credential.js';
import { route53 } from './index.js';

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
    const refused = formRefusal(route53, token);

    expect(refused).toMatch(/^credential_format: .*accessKeyId:secretAccessKey/);
    for (const part of [id, key, 'short', 'Frankfurt']) expect(refused).not.toContain(part);
  });

  it('says that a temporary key is useless without its session token', () => {
    expect(formRefusal(route53, `ASIAIOSFODNN7EXAMPLE:${key}`)).toMatch(/temporary .*session token/);
  });
});
