import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { DnsAddress } from './sockets.js';

export type FakeServer = DnsAddress & { questions: Buffer[]; stop(): Promise<void> };

/** A server that does with datagrams what a test says. */
export async function udpServer(onQuestion: (question: Buffer, reply: (answer: Buffer) => void, from: RemoteInfo) => void, at: Partial<DnsAddress> = {}): Promise<FakeServer> {
  const ip = at.ip ?? '127.0.0.1';
  const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
  const questions: Buffer[] = [];
  socket.on('message', (question, from) => {
    questions.push(question);
    onQuestion(question, (answer) => socket.send(answer, from.port, from.address), from);
  });
  socket.bind(at.port ?? 0, ip);
  await once(socket, 'listening');
  return {
    ip, port: socket.address().port, questions,
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** A server that answers each framed message, or does with the connection what a test says. */
export async function tcpServer(onQuestion: (question: Buffer, reply: (answer: Buffer) => void, socket: Socket) => void, at: Partial<DnsAddress> = {}): Promise<FakeServer> {
  const questions: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const question = received.subarray(2, 2 + received.readUInt16BE(0));
        received = received.subarray(2 + question.length);
        questions.push(question);
        onQuestion(question, (answer) => socket.write(framed(answer)), socket);
      }
    });
  });
  server.listen(at.port ?? 0, at.ip ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ip: at.ip ?? '127.0.0.1', port, questions,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
