import { z } from 'zod';
import { ERROR_CODES, type ErrorBody } from '../../errors.ts';

/** What went wrong, as records and answers keep it beside a code. */
export const problem = { message: z.string(), fix: z.string().exactOptional().describe('What to do about it.') };

export const errorBody: z.ZodType<ErrorBody> = z.object({
  error: z.object({ code: z.enum(ERROR_CODES), ...problem }),
});
