import { ByteReader } from './byte-reader.ts';
import { PickleStack } from './pickle-stack.ts';
import { damaged, excessive } from './refusal.ts';

/** What a global of a pickle stands for here. Nothing of the file is ever called: these are the product's own functions. */
export interface PickleGlobal {
  readonly name: string;
  /** Result of REDUCE with these arguments. */
  readonly call?: (args: readonly unknown[]) => unknown;
  /** Result of NEWOBJ without arguments. */
  readonly make?: () => unknown;
}

/** An object that takes its state from BUILD. */
export interface Buildable {
  build(state: unknown): void;
}

export interface PickleOptions {
  /** Gives what `module.name` stands for; throws for what is not allowed. */
  readonly resolve: (module: string, name: string) => PickleGlobal;
  /** What a persistent id stands for; left out: there must be none. */
  readonly persistentLoad?: (id: unknown) => unknown;
}

/** Greatest number of opcodes. A network of 30 million weights has about 6,000. */
const OPCODES = 2_000_000;
/** Bytes of all text together. Protocol 2 holds arrays as text, 1.5 bytes for each of theirs; otherwise the longest are source texts of 40 kB. */
const TEXT = 2 ** 30;
/** V8 holds no text of 2^29. */
const LONGEST_TEXT = 2 ** 28;
/** Opcodes that no checkpoint needs: extension registry, out-of-band buffers, old-style instances. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
  [0x69, 'INST'],
  [0x6f, 'OBJ'],
  [0x50, 'PERSID'],
]);

/**
 * Reads one pickle (protocols 0 to 5) without running anything of it. Python's values become: None null; int a number, beyond 2^53 a bigint;
 * str string; bytes and bytearray a view; list and tuple arrays; dict a Map (never an object, whose `__proto__` could be set); set a Set;
 * other objects what `resolve` makes of their globals. An object met again through the memo is the same object.
 * @throws DatasetGanError `checkpoint-truncated`, `checkpoint-damaged`, `checkpoint-hostile`, and what `resolve` throws
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions, at = 0): { value: unknown; end: number } {
  return new PickleMachine(new ByteReader(bytes, at), options).run();
}

class PickleMachine {
  readonly #in: ByteReader;
  readonly #options: PickleOptions;
  readonly #stack = new PickleStack();
  readonly #memo = new Map<number, unknown>();
  #text = 0;

  constructor(input: ByteReader, options: PickleOptions) {
    this.#in = input;
    this.#options = options;
  }

  run(): { value: unknown; end: number } {
    for (let count = 0; count < OPCODES; count++) {
      const opcode = this.#in.u8();
      if (opcode === 0x2e) return { value: this.#stack.only(), end: this.#in.at };
      this.#step(opcode);
    }
    throw excessive(`more than ${OPCODES} steps`);
  }

  #step(opcode: number): void {
    const stack = this.#stack;
    if (this.#scalar(opcode) || this.#container(opcode) || this.#reference(opcode)) return;
    switch (opcode) {
      case 0x80: // PROTO
        if (this.#in.u8() > 5) throw damaged('its pickle protocol is unknown');
        return;
      case 0x95: // FRAME
        this.#in.u64();
        return;
      case 0x28: // MARK
        stack.mark();
        return;
      case 0x30: // POP
        stack.popOrUnmark();
        return;
      case 0x31: // POP_MARK
        stack.popToMark();
        return;
      case 0x32: // DUP
        stack.push(stack.top());
        return;
      default: {
        const name = REFUSED.get(opcode);
        throw damaged(
          name === undefined ? `byte ${opcode} is no pickle instruction` : `the pickle instruction ${name} is not allowed`,
        );
      }
    }
  }

  /** Numbers, text and bytes. */
  #scalar(opcode: number): boolean {
    const input = this.#in;
    const push = (value: unknown) => {
      this.#stack.push(value);
      return true;
    };
    switch (opcode) {
      case 0x4e: // NONE
        return push(null);
      case 0x88: // NEWTRUE
        return push(true);
      case 0x89: // NEWFALSE
        return push(false);
      case 0x4b: // BININT1
        return push(input.u8());
      case 0x4d: // BININT2
        return push(input.u16());
      case 0x4a: // BININT
        return push(input.i32());
      case 0x8a: // LONG1
        return push(littleEndian(input.take(input.u8())));
      case 0x8b: // LONG4
        return push(littleEndian(input.take(input.i32())));
      case 0x47: // BINFLOAT
        return push(input.float64());
      case 0x49: // INT
        return push(decimal(input.line(), true));
      case 0x4c: // LONG
        return push(decimal(input.line().replace(/L$/, ''), false));
      case 0x46: // FLOAT
        return push(Number(input.line()));
      case 0x8c: // SHORT_BINUNICODE
        return push(this.#string(input.u8(), 'utf8'));
      case 0x58: // BINUNICODE
        return push(this.#string(input.u32(), 'utf8'));
      case 0x8d: // BINUNICODE8
        return push(this.#string(input.u64(), 'utf8'));
      case 0x56: // UNICODE
        return push(input.line());
      case 0x55: // SHORT_BINSTRING
        return push(this.#string(input.u8(), 'latin1'));
      case 0x54: // BINSTRING
        return push(this.#string(input.i32(), 'latin1'));
      case 0x43: // SHORT_BINBYTES
        return push(input.take(input.u8()));
      case 0x42: // BINBYTES
        return push(input.take(input.u32()));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return push(input.take(input.u64()));
      default:
        return false;
    }
  }

  /** Tuples, lists, dicts and sets. */
  #container(opcode: number): boolean {
    const stack = this.#stack;
    const push = (value: unknown) => {
      stack.push(value);
      return true;
    };
    switch (opcode) {
      case 0x7d: // EMPTY_DICT
        return push(new Map());
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return push([]);
      case 0x8f: // EMPTY_SET
        return push(new Set());
      case 0x85: // TUPLE1
        return push(stack.popMany(1));
      case 0x86: // TUPLE2
        return push(stack.popMany(2));
      case 0x87: // TUPLE3
        return push(stack.popMany(3));
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return push(stack.popToMark());
      case 0x64: // DICT
        return push(setItems(new Map(), stack.popToMark()));
      case 0x73: // SETITEM
        setItems(stack.top(2), stack.popMany(2));
        return true;
      case 0x75: {
        // SETITEMS
        const items = stack.popToMark();
        setItems(stack.top(), items);
        return true;
      }
      case 0x61: // APPEND
        append(stack.top(1), stack.popMany(1));
        return true;
      case 0x65: {
        // APPENDS
        const items = stack.popToMark();
        append(stack.top(), items);
        return true;
      }
      case 0x90: {
        // ADDITEMS
        const items = stack.popToMark();
        const set = stack.top();
        if (!(set instanceof Set)) throw damaged('items are added to what is no set');
        for (const item of items) set.add(item);
        return true;
      }
      case 0x91: // FROZENSET
        return push(new Set(stack.popToMark()));
      default:
        return false;
    }
  }

  /** The memo, globals and what is made of them. */
  #reference(opcode: number): boolean {
    const [input, stack, memo] = [this.#in, this.#stack, this.#memo];
    switch (opcode) {
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.top());
        return true;
      case 0x71: // BINPUT
        memo.set(input.u8(), stack.top());
        return true;
      case 0x72: // LONG_BINPUT
        memo.set(input.u32(), stack.top());
        return true;
      case 0x70: // PUT
        memo.set(Number(input.line()), stack.top());
        return true;
      case 0x68: // BINGET
        return this.#get(input.u8());
      case 0x6a: // LONG_BINGET
        return this.#get(input.u32());
      case 0x67: // GET
        return this.#get(Number(input.line()));
      case 0x63: // GLOBAL
        stack.push(this.#options.resolve(input.line(), input.line()));
        return true;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = stack.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw damaged('the name of a global is no text');
        stack.push(this.#options.resolve(module, name));
        return true;
      }
      case 0x52: {
        // REDUCE
        const [global, args] = stack.popMany(2);
        stack.push(call(global, args));
        return true;
      }
      case 0x81: {
        // NEWOBJ
        const [global, args] = stack.popMany(2);
        stack.push(make(global, args));
        return true;
      }
      case 0x92: {
        // NEWOBJ_EX
        const [global, args, named] = stack.popMany(3);
        if (!(named instanceof Map) || named.size > 0) throw damaged('an object is made with named arguments');
        stack.push(make(global, args));
        return true;
      }
      case 0x62: {
        // BUILD
        const [state] = stack.popMany(1);
        build(stack.top(), state);
        return true;
      }
      case 0x51: {
        // BINPERSID
        const load = this.#options.persistentLoad;
        if (load === undefined) throw damaged('it refers to data outside itself');
        stack.push(load(stack.popMany(1)[0]));
        return true;
      }
      default:
        return false;
    }
  }

  #get(key: number): true {
    if (!this.#memo.has(key)) throw damaged('it refers to an object that is not there');
    this.#stack.push(this.#memo.get(key));
    return true;
  }

  #string(length: number, encoding: 'utf8' | 'latin1'): string {
    const bytes = this.#in.take(length);
    this.#text += length;
    if (this.#text > TEXT || length > LONGEST_TEXT) throw excessive('more text than arrays or programs need');
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString(encoding);
  }
}

function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === 'object' && value !== null && 'name' in value && ('call' in value || 'make' in value);
}

function call(global: unknown, args: unknown): unknown {
  if (!isGlobal(global) || global.call === undefined || !Array.isArray(args)) throw damaged('it calls what cannot be called');
  return global.call(args);
}

function make(global: unknown, args: unknown): unknown {
  if (!isGlobal(global) || global.make === undefined || !Array.isArray(args) || args.length > 0)
    throw damaged('it makes an object of what is no class, or with arguments');
  return global.make();
}

function build(target: unknown, state: unknown): void {
  // The attributes of a dict that is an OrderedDict: metadata that no weight depends on.
  if (target instanceof Map) return;
  if (typeof target !== 'object' || target === null || !('build' in target) || typeof target.build !== 'function')
    throw damaged('it gives a state to what has none');
  (target as Buildable).build(state);
}

function setItems(target: unknown, items: readonly unknown[]): unknown {
  if (!(target instanceof Map)) throw damaged('keys are set in what is no dict');
  if (items.length % 2 !== 0) throw damaged('a key has no value');
  for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  return target;
}

function append(target: unknown, items: readonly unknown[]): void {
  if (!Array.isArray(target)) throw damaged('items are appended to what is no list');
  for (const item of items) target.push(item);
}

/** Two's complement. */
function littleEndian(bytes: Uint8Array): number | bigint {
  if (bytes.length > 256) throw excessive('an integer of more than 256 bytes');
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  if (bytes.length > 0 && bytes.at(-1)! >= 128) value -= 1n << BigInt(8 * bytes.length);
  return narrowed(value);
}

function decimal(text: string, orBoolean: boolean): number | bigint | boolean {
  if (orBoolean && (text === '01' || text === '00')) return text === '01';
  if (!/^-?\d{1,600}$/.test(text)) throw damaged('an integer is malformed');
  return narrowed(BigInt(text));
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
