import { MersenneTwister } from '../../src/stylegan/mersenne-twister.ts';

/** What of a JSON schema tells how a right value looks. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/** One operation: from the OpenAPI document, or one of Label Studio's. */
export interface Operation {
  readonly method: string;
  /** `/api/jobs/{id}` */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  /** What a right body looks like, if it takes one: by schema or by examples. */
  readonly body?: Schema | { readonly examples: readonly unknown[] };
  /** Statuses that the document names; undefined: it is not in there. */
  readonly statuses?: readonly number[];
}

export interface FuzzRequest {
  readonly method: string;
  /** Path and query, percent-encoded; as it is sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** Values that programs send by mistake and attackers on purpose. */
const NASTY: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.1, -0, 1e-320, 1e300, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 63), 4_294_967_296],
  ...['', ' ', 'abc', '0.1', '-1', '1e5', '0x10', '٣', 'NaN', 'Infinity', '4294967296', '9223372036854775808', '07'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', '[object Object]'],
  ...['\0', 'a\0b', '\ud800', 'x\udfff', '😀', '\u202e', '\u2028', '\r\nX: y', '\x1b[31m', 'é'.normalize('NFD')],
  ...[
    '../../../etc/passwd',
    '..',
    '.',
    '/',
    '//',
    '\\',
    '%00',
    '%',
    '%25',
    '?',
    '#',
    ';',
    '|',
    '||',
    'a|b|c',
    'http://x|7|1',
    '7|7|7',
  ],
  ...["' or 1=1; --", '$(id)', '<script>', '{{7*7}}', 'dg-000000000000', '00000000-0000-0000-0000-000000000000'],
  ...['x'.repeat(300), 'x'.repeat(5000), '9'.repeat(400)],
  ...[[], [[]], [1], ['a\0b'], {}, { a: 1 }, { toString: 1 }, { length: 1e9 }, JSON.parse('{"__proto__": {"x": 1}}')],
];

/** Bodies that are no JSON object of a form that anybody asks for; texts as they are sent. */
const NASTY_BODIES: readonly (string | Uint8Array)[] = [
  ...['', ' ', '{', '[', '"', 'null', 'true', '7', '"text"', '[]', '[{}]', '{}', '{"a":1,}', '{"count":1}{"count":2}', 'NaN'],
  ...[
    '{"__proto__":{"a":1}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"\\u0000":1}',
    '{"\\ud800":"\\udc00\\ud800"}',
    '\ufeff{}',
  ],
  ...['['.repeat(100_000), '{"a":'.repeat(100_000), '['.repeat(300_000) + ']'.repeat(300_000)],
  ...[
    `{"count":${'9'.repeat(100_000)}}`,
    `{"title":"${'\\u0000'.repeat(10_000)}"}`,
    `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`)}}`,
  ],
  ...[Uint8Array.of(0xff, 0xfe, 0x7b), Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d), Uint8Array.of(0)],
];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Requests by the thousand, the same for the same seed: most of them wrong in one place, so that they get past the checks of the others. */
export class RequestFuzzer {
  readonly #random: MersenneTwister;
  readonly #schemas: Readonly<Record<string, Schema>>;
  /** Right values of parameters by `{id}` and path, tried now and then. */
  readonly #known: Readonly<Record<string, readonly string[]>>;

  /**
   * @param schemas those that `$ref` names: `components.schemas` of the document
   * @param known values that lead somewhere, by the name of the parameter
   */
  constructor(seed: number, schemas: Readonly<Record<string, Schema>>, known: Readonly<Record<string, readonly string[]>>) {
    this.#random = new MersenneTwister(seed);
    this.#schemas = schemas;
    this.#known = known;
  }

  next(operation: Operation): FuzzRequest {
    const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => this.#segment(name, operation.method));
    const method = this.#chance(0.04) ? this.#oneOf(METHODS) : operation.method.toUpperCase();
    const body = operation.body === undefined && !this.#chance(0.05) ? undefined : this.#body(operation.body);
    return { method, url: path + this.#query(operation), headers: this.#headers(body), body };
  }

  #segment(name: string, method: string): string {
    const known = this.#known[name] ?? [];
    // What is deleted leads nowhere any more.
    if (known.length > 0 && this.#chance(method === 'delete' ? 0.02 : 0.6)) return encodeURIComponent(this.#oneOf(known));
    if (this.#chance(0.1)) return this.#oneOf(['%zz', '%', '%E0%A4%A', '%ED%A0%80', '%C0%AE%C0%AE', '%2e%2e%2f', '%2F']);
    return encoded(this.#nastyText());
  }

  #query({ parameters }: Operation): string {
    const pairs: string[] = [];
    for (const { name, in: place, schema } of parameters) {
      if (place !== 'query' || this.#chance(0.4)) continue;
      const right = this.#chance(0.6);
      pairs.push(`${name}=${encoded(right ? String(this.#right(schema)) : this.#nastyText())}`);
      if (this.#chance(0.1)) pairs.push(`${name}=${encoded(this.#nastyText())}`);
    }
    if (this.#chance(0.05)) pairs.push(`${encoded(this.#nastyText())}=${encoded(this.#nastyText())}`);
    if (this.#chance(0.03))
      pairs.push(this.#oneOf(['a[b][c]=1', 'psi[]=1', '%', '=', '&&&', '__proto__[x]=1', 'id=%00', '%zz=%zz']));
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  #headers(body: Uint8Array | undefined): Record<string, string> {
    const headers: Record<string, string> = {};
    if (body !== undefined)
      headers['content-type'] = this.#chance(0.95) ? 'application/json' : this.#oneOf(['text/plain', 'x', '']);
    const odd: readonly [string, string][] = [
      ['x-request-id', '../etc'],
      ['x-request-id', 'é'.repeat(100)],
      ['x-datasetgan-secret', 'none'],
      ['authorization', 'Basic ÿÿÿ'],
      ['authorization', `Bearer ${'x'.repeat(2000)}`],
      ['content-encoding', 'gzip'],
      ['origin', 'null'],
      ['origin', 'http://evil.test'],
      ['host', 'evil.test'],
      ['host', '[::1'],
      ['host', ''],
      ['if-none-match', 'W/"x"'],
      ['range', 'bytes=5-1'],
      ['accept', ',;q=x'],
    ];
    if (this.#chance(0.08)) {
      const [name, value] = this.#oneOf(odd);
      headers[name] = value;
    }
    return headers;
  }

  #body(kind: Operation['body']): Uint8Array {
    if (this.#chance(0.12)) return Buffer.from(this.#oneOf(NASTY_BODIES));
    const right = kind === undefined ? {} : 'examples' in kind ? this.#oneOf(kind.examples) : this.#right(kind);
    return Buffer.from(JSON.stringify(this.#chance(0.1) ? right : this.#spoilt(right)));
  }

  /** The value with something wrong in a place or two. */
  #spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.#chance(0.1)) return this.#nasty();
    const copy = structuredClone(value) as Record<string, unknown>;
    const keys = Object.keys(copy);
    if (keys.length === 0 || this.#chance(0.1))
      return Array.isArray(copy) ? [this.#nasty()] : { [this.#nastyText()]: this.#nasty() };
    const key = this.#oneOf(keys);
    if (this.#chance(0.1)) delete copy[key];
    else copy[key] = this.#chance(0.6) ? this.#spoilt(copy[key]) : this.#nasty();
    return this.#chance(0.2) ? this.#spoilt(copy) : copy;
  }

  /** A value that the schema allows, or nearly: patterns are not looked at. */
  #right(schema: Schema): unknown {
    if (schema.$ref !== undefined) return this.#right(this.#schemas[schema.$ref.split('/').at(-1)!]!);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.#oneOf(schema.enum);
    if (schema.anyOf !== undefined) return this.#right(this.#oneOf(schema.anyOf));
    if (schema.type === 'integer' || schema.type === 'number') {
      const { minimum = 0, maximum = 1000 } = schema;
      const value = this.#oneOf([minimum, maximum, minimum + this.#random.double() * (maximum - minimum)]);
      return schema.type === 'integer' ? Math.round(value) : value;
    }
    if (schema.type === 'array') {
      if (schema.prefixItems !== undefined) return schema.prefixItems.map((item) => this.#right(item));
      return Array.from({ length: this.#below(4) }, () => this.#right(schema.items ?? {}));
    }
    if (schema.type === 'object') {
      const named = Object.entries(schema.properties ?? {}).filter(() => this.#chance(0.6));
      const entries = named.map(([name, property]) => [name, this.#right(property)]);
      if (typeof schema.additionalProperties === 'object') entries.push(['hair', this.#right(schema.additionalProperties)]);
      return Object.fromEntries(entries);
    }
    return 'text'.padEnd(schema.minLength ?? 0, 'x');
  }

  #nasty(): unknown {
    return this.#oneOf(NASTY);
  }

  #nastyText(): string {
    const value = this.#nasty();
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  #chance(probability: number): boolean {
    return this.#random.double() < probability;
  }

  #below(count: number): number {
    return Math.floor(this.#random.double() * count);
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }
}

/** Percent-encoded, half surrogate pairs too: as the three bytes that UTF-8 does not have. */
function encoded(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(character);
      return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
        .map((byte) => `%${byte.toString(16)}`)
        .join('');
    })
    .join('');
}
