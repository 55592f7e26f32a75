import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns the first answer that is something', async () => {
    const answers = [undefined, false, null, 'there'];

    expect(await eventually(() => answers.shift())).toBe('there');
  });

  it('takes zero and the empty text for answers', async () => {
    expect(await eventually(() => 0)).toBe(0);
    expect(await eventually(() => '')).toBe('');
  });

  it('counts an error as "not yet", and names the last one at the deadline', async () => {
    const late = eventually(() => { throw new Error('still propagating'); }, { what: 'the verdict', timeoutMs: 10 });

    await expect(late).rejects.toThrow('the verdict was not met in 10 ms. Last seen: still propagating');
  });
});
