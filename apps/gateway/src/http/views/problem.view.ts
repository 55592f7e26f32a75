import { z } from 'zod';
import { errorCodes } from '@connect/domain';

/** RFC 9457. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(errorCodes),
  actor: z.enum(['customer', 'operator', 'provider', 'system']),
  detail: z.string().optional(),
  next_step: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  request_id: z.string(),
}).meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof ProblemDocument>;
