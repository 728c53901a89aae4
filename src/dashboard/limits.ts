/** A JSON schema of /openapi.json, as far as forms read it. */
export interface Schema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters: readonly Parameter[] } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Parameter {
  readonly name: string;
  readonly schema: Schema;
}

export interface NumberLimits {
  readonly whole: boolean;
  readonly from: number;
  readonly to: number;
}

const ANY: Schema = {};

/** The schema of a field: `['rules', 'areas', '*', 0]` is the first number of any label's range. */
export function fieldSchema(schema: Schema, path: readonly (string | number)[]): Schema {
  return path.reduce<Schema>((at, step) => {
    if (typeof step === 'number') return at.prefixItems?.[step] ?? ANY;
    if (step !== '*') return at.properties?.[step] ?? ANY;
    for (const kind of [at, ...(at.anyOf ?? [])])
      for (const inside of [kind.additionalProperties, kind.items]) if (typeof inside === 'object') return inside;
    return ANY;
  }, schema);
}

/** The schema of what may stand in the address of a GET. */
export function querySchema(api: OpenApi | undefined, path: string, name: string): Schema {
  return api?.paths[path]?.get?.parameters.find((parameter) => parameter.name === name)?.schema ?? ANY;
}

/** The schema of a request's body. */
export function bodySchema(api: OpenApi | undefined, name: string): Schema {
  return api?.components.schemas[name] ?? ANY;
}

/** The limits of the number that a field takes, alone or beside other things. */
export function numberLimits(schema: Schema): NumberLimits {
  const found = [schema, ...(schema.anyOf ?? [])].find(({ type }) => type === 'integer' || type === 'number');
  return {
    whole: found?.type === 'integer',
    from: found?.minimum ?? Number.NEGATIVE_INFINITY,
    to: found?.maximum ?? Number.POSITIVE_INFINITY,
  };
}

/** The words that a field takes, alone or beside other things. */
export function wordsOf(schema: Schema): readonly string[] {
  return [schema, ...(schema.anyOf ?? [])].flatMap((kind) => kind.enum ?? []);
}
