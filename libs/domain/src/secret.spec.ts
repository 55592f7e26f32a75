import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { secret } from './secret.js';

describe('a secret', () => {
  it('cannot be printed in any of the usual ways', () => {
    const token = secret('canary-value');

    for (const text of [String(token), `${token}`, JSON.stringify({ token }), inspect({ token }, { depth: 5, showHidden: true })]) expect(text).not.toContain('canary-value');
    expect(token.open((value) => value)).toBe('canary-value');
  });
});
