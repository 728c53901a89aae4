/** A filled-in field of the order form, as Label Studio's editor submits it. */
export const orderField = (from_name: string, type: string, value: object) => ({
  id: from_name,
  from_name,
  to_name: 'status',
  type,
  value,
});
