import assert from 'node:assert/strict';
import { ProviderError } from '@connect/domain';
import type { Provider } from '../spi/index.js';

/** The error of work that has to fail. Whatever is thrown instead goes on its way. */
export async function failing(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(() => assert.fail('nothing was refused'), (thrown: unknown) => thrown);
  if (error instanceof ProviderError) return error;
  throw error;
}

/** What a provider says of a text that is not the form of its credential. Parts of it that are long enough for a secret are never repeated. */
export function formRefusal({ checkForm }: Pick<Provider, 'checkForm'>, text: string): string {
  try {
    checkForm(text);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const says = `${error.code}: ${error.detail ?? ''}`;
    for (const part of text.match(/[A-Za-z0-9_-]{20,}/g) ?? []) assert.ok(!`${error.message} ${says}`.includes(part), 'the text is repeated');
    return says;
  }
  return 'accepted';
}
