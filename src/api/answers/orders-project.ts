import { z } from 'zod';
import { whole } from './fields.ts';

export const ordersProject = z.object({ project: whole, url: z.string() });
