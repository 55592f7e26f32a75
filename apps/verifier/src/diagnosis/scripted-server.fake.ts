import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage, encodeResponse, type DnsMessage, type ResponseInput } from '@connect/dns-client';

/** A name server that answers what a test says, for failures that no real server can be made to have. UDP only. */
export async function startScriptedServer(at: { address: string; port: number }, answer: (question: DnsMessage) => Omit<ResponseInput, 'id' | 'questions'>): Promise<{ stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const question = decodeMessage(message);
    socket.send(encodeResponse({ id: question.id, questions: question.questions, ...answer(question) }), from.port, from.address);
  });
  socket.bind(at.port, at.address);
  await once(socket, 'listening');
  return {
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
