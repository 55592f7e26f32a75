/** The yardstick: an answer over NATS after one committed INSERT, nothing else. */
import { connect } from '@nats-io/transport-node';
import pg from 'pg';

const [natsUrl, databaseUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
await pool.query('CREATE TABLE IF NOT EXISTS public.bench_lease (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, credential text NOT NULL)');
const connection = await connect({ servers: natsUrl });
connection.subscribe('bench.lease', {
  callback: async (_error, message) => {
    const { credential } = message.json();
    const { rows } = await pool.query('INSERT INTO public.bench_lease (credential) VALUES ($1) RETURNING id', [credential]);
    message.respond(JSON.stringify({ id: rows[0].id }));
  },
});
await connection.flush();
process.send('bench.lease');
