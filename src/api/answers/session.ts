import { z } from 'zod';

export const session = z.object({
  token: z.enum(['needed', 'not-needed']).describe('Whether this server asks for a token at all.'),
  open: z.boolean().describe('Whether this browser may ask for everything.'),
});
