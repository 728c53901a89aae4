/** An object of a mask: each region that was drawn, or each connected piece of a label. */
export const OBJECT_RULES = ['regions', 'pieces'] as const;
export type ObjectRule = (typeof OBJECT_RULES)[number];
