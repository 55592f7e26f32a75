import type { detect, evidence, receiptImage, RequestDefinition } from '@connect/contracts';
import type { z } from 'zod';

type AnswerOf<Definition extends RequestDefinition> = z.infer<Definition['answer']>;

/** What stays with its owner and is fetched when somebody asks. Every method throws `unavailable` after 2 seconds. */
export abstract class Owners {
  abstract receiptImage(tenantId: string, connectionId: string, receiptId: string): Promise<AnswerOf<typeof receiptImage>>;
  abstract evidence(tenantId: string, connectionId: string): Promise<AnswerOf<typeof evidence>>;
  abstract detect(hostname: string, apex: string): Promise<AnswerOf<typeof detect>['detection']>;
}
