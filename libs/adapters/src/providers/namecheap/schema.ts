import { z } from 'zod';

/** What we need of the attributes of their answers; everything else passes by. https://www.namecheap.com/support/api/methods/, verified 2026-11. */
const Flag = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'insensitive' });

/** A row of the host list, as it was read: what setHosts takes is sent back to the letter. */
export const HostRow = z.object({
  Name: z.string().min(1),
  Type: z.string().min(1),
  Address: z.string(),
  MXPref: z.string().default('10'),
  TTL: z.string().regex(/^\d+$/),
  IsActive: Flag.default(true),
  IsDDNSEnabled: Flag.default(false),
});
export type HostRow = z.infer<typeof HostRow>;

/** A row of the SRV list, as it was recorded (see the README): no TTL, and a host below the zone stands behind the protocol (`_tcp.play`). */
export const SrvRow = z.object({ Service: z.string().min(1), Protocol: z.string().min(1), Priority: z.string(), Weight: z.string(), Port: z.string(), Target: z.string() });
export type SrvRow = z.infer<typeof SrvRow>;

export const HostsAnswer = z.object({ EmailType: z.string(), IsUsingOurDNS: Flag });
export const HostsWritten = z.object({ IsSuccess: Flag });
export const NameServersAnswer = z.object({ Domain: z.string().min(1), IsUsingOurDNS: Flag });
export const DomainRow = z.object({ Name: z.string().min(1), IsExpired: Flag, IsOurDNS: Flag });
export type DomainRow = z.infer<typeof DomainRow>;
