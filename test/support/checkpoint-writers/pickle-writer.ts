/** Python values that JavaScript has no own form for. */
export class Tuple {
  readonly items: readonly unknown[];
  constructor(...items: unknown[]) {
    this.items = items;
  }
}
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
export class PyGlobal {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}
/** An object as REDUCE or NEWOBJ makes it, then its items, then its state. */
export class PyObject {
  readonly global: PyGlobal;
  readonly args: Tuple;
  readonly more: { readonly newobj?: boolean; readonly items?: ReadonlyMap<unknown, unknown>; readonly state?: unknown };
  constructor(global: PyGlobal, args: Tuple, more: PyObject['more'] = {}) {
    this.global = global;
    this.args = args;
    this.more = more;
  }
}
/** A persistent id, as torch.save has for storages. */
export class PersistentId {
  readonly id: Tuple;
  constructor(id: Tuple) {
    this.id = id;
  }
}

/** Writes a pickle with the opcodes that CPython's own pickler chooses; objects met again come from the memo. */
export function writePickle(value: unknown, protocol: 2 | 3 | 4 | 5 = 4): Uint8Array {
  return new PickleWriter(protocol).write(value);
}

class PickleWriter {
  readonly #out: Buffer[] = [];
  readonly #memo = new Map<unknown, number>();
  readonly #globals = new Map<string, PyGlobal>();
  readonly #protocol: number;

  constructor(protocol: number) {
    this.#protocol = protocol;
  }

  write(value: unknown): Uint8Array {
    this.#save(value);
    this.#op(0x2e);
    const body = Buffer.concat(this.#out);
    const start = [0x80, this.#protocol];
    if (this.#protocol < 4) return Buffer.concat([Buffer.from(start), body]);
    const frame = Buffer.alloc(9);
    frame[0] = 0x95;
    frame.writeBigUInt64LE(BigInt(body.length), 1);
    return Buffer.concat([Buffer.from(start), frame, body]);
  }

  #op(opcode: number, ...more: Buffer[]): void {
    this.#out.push(Buffer.from([opcode]), ...more);
  }

  #remember(value: unknown): void {
    const index = this.#memo.size;
    this.#memo.set(value, index);
    if (this.#protocol >= 4) this.#op(0x94);
    else if (index < 256) this.#op(0x71, Buffer.from([index]));
    else this.#op(0x72, u32(index));
  }

  #save(value: unknown): void {
    const index = this.#memo.get(value);
    if (index !== undefined) {
      if (index < 256) this.#op(0x68, Buffer.from([index]));
      else this.#op(0x6a, u32(index));
      return;
    }
    if (value === null) this.#op(0x4e);
    else if (typeof value === 'boolean') this.#op(value ? 0x88 : 0x89);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#integer(BigInt(value));
    else if (typeof value === 'string') this.#text(value);
    else if (value instanceof PyFloat) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value.value);
      this.#op(0x47, bytes);
    } else if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof Tuple) this.#tuple(value);
    else if (Array.isArray(value)) {
      this.#op(0x5d);
      this.#remember(value);
      if (value.length > 0) {
        this.#op(0x28);
        for (const item of value) this.#save(item);
        this.#op(0x65);
      }
    } else if (value instanceof Map) {
      this.#op(0x7d);
      this.#remember(value);
      this.#items(value);
    } else if (value instanceof PyGlobal) this.#global(value);
    else if (value instanceof PyObject) this.#object(value);
    else if (value instanceof PersistentId) {
      this.#save(value.id);
      this.#op(0x51);
    } else throw new Error('pickle writer: unknown value');
  }

  #items(items: ReadonlyMap<unknown, unknown>): void {
    if (items.size === 0) return;
    this.#op(0x28);
    for (const [key, item] of items) {
      this.#save(key);
      this.#save(item);
    }
    this.#op(0x75);
  }

  #integer(value: bigint): void {
    if (value >= 0n && value < 256n) this.#op(0x4b, Buffer.from([Number(value)]));
    else if (value >= 0n && value < 65536n) {
      const bytes = Buffer.alloc(2);
      bytes.writeUInt16LE(Number(value));
      this.#op(0x4d, bytes);
    } else if (value >= -(2n ** 31n) && value < 2n ** 31n) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(Number(value));
      this.#op(0x4a, bytes);
    } else {
      const bytes: number[] = [];
      for (
        let left = value;
        bytes.length === 0 || (left !== 0n && left !== -1n) || bytes.at(-1)! >= 128 !== value < 0n;
        left >>= 8n
      )
        bytes.push(Number(left & 255n));
      this.#op(0x8a, Buffer.from([bytes.length, ...bytes]));
    }
  }

  #text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    if (this.#protocol >= 4 && bytes.length < 256) this.#op(0x8c, Buffer.from([bytes.length]), bytes);
    else this.#op(0x58, u32(bytes.length), bytes);
    // Equal texts share one memo entry, as interned names do in Python.
    this.#remember(value);
  }

  #bytes(value: Uint8Array): void {
    if (this.#protocol < 3) {
      this.#object(new PyObject(new PyGlobal('_codecs', 'encode'), new Tuple(Buffer.from(value).toString('latin1'), 'latin1')));
      return;
    }
    if (value.length < 256) this.#op(0x43, Buffer.from([value.length]), Buffer.from(value));
    else this.#op(0x42, u32(value.length), Buffer.from(value));
    this.#remember(value);
  }

  #tuple({ items }: Tuple): void {
    if (items.length === 0) {
      this.#op(0x29);
      return;
    }
    if (items.length > 3) this.#op(0x28);
    for (const item of items) this.#save(item);
    this.#op(items.length > 3 ? 0x74 : 0x84 + items.length);
  }

  #global(value: PyGlobal): void {
    const key = `${value.module} ${value.name}`;
    const known = this.#globals.get(key);
    if (known !== undefined) {
      this.#save(known);
      return;
    }
    if (this.#protocol >= 4) {
      this.#save(value.module);
      this.#save(value.name);
      this.#op(0x93);
    } else this.#op(0x63, Buffer.from(`${value.module}\n${value.name}\n`, 'latin1'));
    this.#globals.set(key, value);
    this.#remember(value);
  }

  #object(value: PyObject): void {
    const { newobj = false, items, state } = value.more;
    this.#global(value.global);
    this.#save(value.args);
    this.#op(newobj ? 0x81 : 0x52);
    this.#remember(value);
    if (items !== undefined) this.#items(items);
    if (state !== undefined) {
      this.#save(state);
      this.#op(0x62);
    }
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
