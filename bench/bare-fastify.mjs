/** The yardstick: Fastify with a schema for the body and one committed INSERT, nothing else. */
import { createRequire } from 'node:module';
import pg from 'pg';

const require = createRequire(import.meta.url);
// Fastify comes with the Nest adapter.
const { default: fastify } = await import(createRequire(require.resolve('@nestjs/platform-fastify')).resolve('fastify'));

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
await pool.query('CREATE TABLE IF NOT EXISTS public.bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hostname text NOT NULL)');
const app = fastify();
const body = { type: 'object', required: ['hostname'], properties: { hostname: { type: 'string', maxLength: 253 } } };
app.post('/connections', { schema: { body } }, async (request, reply) => {
  const { rows } = await pool.query('INSERT INTO public.bench_bare (hostname) VALUES ($1) RETURNING id', [request.body.hostname]);
  return reply.code(201).send({ id: rows[0].id, hostname: request.body.hostname });
});
process.send(await app.listen({ port: 0, host: '127.0.0.1' }));
