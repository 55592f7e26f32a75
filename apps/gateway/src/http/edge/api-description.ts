import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** /docs for people (where `pages` are wanted) and /docs-json for tools; made from the schemas at the first look. */
export function describeApi(app: NestFastifyApplication, options: { pages: boolean }): void {
  SwaggerModule.setup('docs', app, () => apiDescription(app), { ui: options.pages, raw: ['json'], jsonDocumentUrl: 'docs-json' });
}

export function apiDescription(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder().setTitle('Connect Domain').setVersion('1').addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, `cd_…`' }).setDescription(
    'Connects a customer’s domain to an application. Every error is a problem document (RFC 9457) whose `code` is one of a closed list. '
    + 'A path answers other methods than its own with 405 `method_not_allowed`, and OPTIONS with 204; `Allow` names what it knows. HEAD goes where GET goes. '
    + 'Each key has a budget of requests: `RateLimit` says what is left of it, `RateLimit-Policy` what it is (draft-ietf-httpapi-ratelimit-headers-11), and 429 `too_many_requests` comes with `Retry-After`.',
  ).build();
  const document = SwaggerModule.createDocument(app, about);
  return { ...document, paths: Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path.replaceAll('::', ':'), item])) };
}
