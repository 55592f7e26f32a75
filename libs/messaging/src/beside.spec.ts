import { beforeEach, expect, it } from '@jest/globals';
import type { JetStreamClient } from '@nats-io/jetstream';
import { consumers } from '@connect/contracts';
import { createLogger } from '@connect/observability';
import { eventually } from '@connect/testing';
import { beside } from './beside.js';
import { ConsumerLoop } from './transport/consumer-loop.js';

const warnings: string[] = [];
const log = createLogger({ service: 'spec', level: 'warn', destination: { write: (line: string) => void warnings.push(line) } });
beforeEach(() => void warnings.splice(0));

it('what runs beside the service and fails is said, and ends nothing', async () => {
  beside(log, 'following the connection', async () => { throw new TypeError('a bug in what tells it'); });
  beside(undefined, 'following the connection', async () => { throw new TypeError('a bug in what tells it'); });

  await eventually(() => warnings.length === 1);
  expect(warnings[0]).toContain('following the connection failed; the service goes on without it');
});

it('a consumer goes on where it can neither follow its messages nor close them', async () => {
  const broken = { status: () => { throw new TypeError('no status'); }, close: async () => { throw new TypeError('not closed'); }, [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: async () => ({ done: true, value: undefined }) }) };
  const loop = new ConsumerLoop({
    consumer: consumers[0]!, concurrency: 1, deliver: async () => {}, log: createLogger({ service: 'spec', level: 'silent' }),
    jetstream: { consumers: { get: async () => ({ consume: async () => broken }) } } as unknown as JetStreamClient,
  });
  loop.start();
  await eventually(() => loop.isBound);

  void loop.stop();
  await new Promise((resolve) => setImmediate(resolve));

  expect(loop.isBound).toBe(true);
});
