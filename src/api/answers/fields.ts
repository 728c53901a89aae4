import { z } from 'zod';

/** A count. */
export const whole = z.int().min(0);
export const texts = z.array(z.string()).readonly();
