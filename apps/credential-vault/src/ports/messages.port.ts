import type { Message } from '@connect/contracts';

/** Port: what is received and told, in the transaction of the change it belongs to. */
export interface Messages {
  /** True the first time that this consumer handles the message. */
  firstTime(consumer: string, messageId: string): Promise<boolean>;
  /** Published after the commit; one that is there already is published again. */
  tell(message: Message): Promise<void>;
}
