import { describe, expect, it } from '@jest/globals';
import * as contracts from './index.js';
import { consumers, streams, type MessageDefinition } from './index.js';

const exported: unknown[] = Object.values(contracts);
const messages = exported.filter((value): value is MessageDefinition => typeof value === 'object' && value !== null && 'golden' in value);

describe('messages', () => {
  it.each(messages.map((message) => [message.subject, message] as const))('the golden example of %s fits its schema and comes back unchanged', (_, message) => {
    expect(message.schema.parse(JSON.parse(JSON.stringify(message.golden)))).toEqual(message.golden);
  });

  it.each(messages.map((message) => [message.subject, message] as const))('%s goes to exactly one stream and one consumer', (subject) => {
    const fits = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replaceAll('>', '.+')}$`).test(subject);

    expect(streams.filter((stream) => stream.subjects.some(fits))).toHaveLength(1);
    expect(consumers.filter((consumer) => fits(consumer.filterSubject))).toHaveLength(1);
  });
});
