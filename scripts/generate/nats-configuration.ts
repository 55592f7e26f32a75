import { busUsers, natsAuthorization } from '@connect/messaging';
import { madeBy, type GeneratedFile } from './generated-file.js';

/** The configuration of nats-server for docker-compose.yml: who may say and hear what, from the same data as every other bus. */
export function natsConfiguration(): GeneratedFile {
  const text = [
    `# ${madeBy}`,
    '# The passwords are environment variables of the server; .env has them, drawn by deploy/make-env.',
    'server_name: "connect-domain"',
    'listen: "0.0.0.0:4222"',
    '# For the health check inside the container.',
    'http: "127.0.0.1:8222"',
    'jetstream {',
    '  store_dir: "/data"',
    '  # What was acknowledged is on the disk. Needs nats-server 2.10; without it a power cut loses the last two minutes.',
    '  sync_interval: always',
    '}',
    '',
    natsAuthorization(busUsers, '$ENV'),
  ];
  return { path: 'deploy/nats.conf', text: text.join('\n') };
}
