import { z } from 'zod';

/** Name of a generator or a backbone: also that of its folder, and a part of REST addresses. */
export const networkName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be 1 to 64 characters of a-z 0-9 . _ - and begin with a letter or digit');
