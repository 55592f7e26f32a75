import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConnectError } from '@connect/domain';

type Server = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;
type KnownPath = { pattern: RegExp; methods: Set<string> };

/**
 * A path that is there but not with this method answers 405 with `Allow` (RFC 9110 15.5.6), and OPTIONS 204 with the same; neither needs a key, as the API description is
 * public too. HEAD comes with every GET, from Fastify. To be called before the routes are made.
 */
export function answerUnknownMethods(server: Server): void {
  const paths = new Map<string, KnownPath>();
  server.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    paths.set(url, known);
    for (const each of [method].flat()) known.methods.add(each);
  });
  // With a callback: it runs for every request, and a promise for each would cost more than what it does.
  server.addHook('onRequest', (request, reply, done) => {
    const allowed = request.is404 ? allowedAt(paths.values(), request.url) : [];
    if (allowed.length === 0) return done();
    reply.header('allow', allowed.join(', '));
    if (request.method === 'OPTIONS') return void reply.status(204).send();
    done(new ConnectError('method_not_allowed', { detail: `allowed are ${allowed.join(', ')}` }));
  });
}

function allowedAt(paths: Iterable<KnownPath>, url: string): string[] {
  const path = url.split('?', 1)[0] ?? url;
  const methods = [...paths].filter(({ pattern }) => pattern.test(path)).flatMap((known) => [...known.methods]);
  return methods.length === 0 ? [] : [...new Set([...methods, 'OPTIONS'])].sort();
}

/** In the words of find-my-way: `:name` is one segment, `::` a colon, `*` the rest. */
function patternOf(url: string): RegExp {
  const source = url.split('::').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) => (character === '*' ? '.*' : `\\${character}`)).replaceAll(/:\w+/g, '[^/]+')).join(':');
  return new RegExp(`^${source}$`);
}
