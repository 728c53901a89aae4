import { ByteReader } from './byte-reader.ts';
import { decimal, littleEndian } from './pickle-integers.ts';
import { build, call, make, type PickleGlobal } from './pickle-objects.ts';
import { OPCODE, REFUSED_OPCODES } from './pickle-opcodes.ts';
import { PickleStack } from './pickle-stack.ts';
import { damaged, excessive } from './refusal.ts';

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
      if (opcode === OPCODE.STOP) return { value: this.#stack.only(), end: this.#in.at };
      this.#step(opcode);
    }
    throw excessive(`more than ${OPCODES} steps`);
  }

  #step(opcode: number): void {
    const stack = this.#stack;
    if (this.#scalar(opcode) || this.#container(opcode) || this.#reference(opcode)) return;
    switch (opcode) {
      case OPCODE.PROTO:
        if (this.#in.u8() > 5) throw damaged('its pickle protocol is unknown');
        return;
      case OPCODE.FRAME:
        this.#in.u64();
        return;
      case OPCODE.MARK:
        stack.mark();
        return;
      case OPCODE.POP:
        stack.popOrUnmark();
        return;
      case OPCODE.POP_MARK:
        stack.popToMark();
        return;
      case OPCODE.DUP:
        stack.push(stack.top());
        return;
      default: {
        const name = REFUSED_OPCODES.get(opcode);
        throw damaged(
          name === undefined ? `byte ${opcode} is not a pickle instruction` : `the pickle instruction ${name} is not allowed`,
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
      case OPCODE.NONE:
        return push(null);
      case OPCODE.NEWTRUE:
        return push(true);
      case OPCODE.NEWFALSE:
        return push(false);
      case OPCODE.BININT1:
        return push(input.u8());
      case OPCODE.BININT2:
        return push(input.u16());
      case OPCODE.BININT:
        return push(input.i32());
      case OPCODE.LONG1:
        return push(littleEndian(input.take(input.u8())));
      case OPCODE.LONG4:
        return push(littleEndian(input.take(input.i32())));
      case OPCODE.BINFLOAT:
        return push(input.float64());
      case OPCODE.INT:
        return push(decimal(input.line(), true));
      case OPCODE.LONG:
        return push(decimal(input.line().replace(/L$/, ''), false));
      case OPCODE.FLOAT:
        return push(Number(input.line()));
      case OPCODE.SHORT_BINUNICODE:
        return push(this.#string(input.u8(), 'utf8'));
      case OPCODE.BINUNICODE:
        return push(this.#string(input.u32(), 'utf8'));
      case OPCODE.BINUNICODE8:
        return push(this.#string(input.u64(), 'utf8'));
      case OPCODE.UNICODE:
        return push(input.line());
      case OPCODE.SHORT_BINSTRING:
        return push(this.#string(input.u8(), 'latin1'));
      case OPCODE.BINSTRING:
        return push(this.#string(input.i32(), 'latin1'));
      case OPCODE.SHORT_BINBYTES:
        return push(input.take(input.u8()));
      case OPCODE.BINBYTES:
        return push(input.take(input.u32()));
      case OPCODE.BINBYTES8:
      case OPCODE.BYTEARRAY8:
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
      case OPCODE.EMPTY_DICT:
        return push(new Map());
      case OPCODE.EMPTY_LIST:
      case OPCODE.EMPTY_TUPLE:
        return push([]);
      case OPCODE.EMPTY_SET:
        return push(new Set());
      case OPCODE.TUPLE1:
        return push(stack.popMany(1));
      case OPCODE.TUPLE2:
        return push(stack.popMany(2));
      case OPCODE.TUPLE3:
        return push(stack.popMany(3));
      case OPCODE.TUPLE:
      case OPCODE.LIST:
        return push(stack.popToMark());
      case OPCODE.DICT:
        return push(setItems(new Map(), stack.popToMark()));
      case OPCODE.SETITEM:
        setItems(stack.top(2), stack.popMany(2));
        return true;
      case OPCODE.SETITEMS: {
        const items = stack.popToMark();
        setItems(stack.top(), items);
        return true;
      }
      case OPCODE.APPEND:
        append(stack.top(1), stack.popMany(1));
        return true;
      case OPCODE.APPENDS: {
        const items = stack.popToMark();
        append(stack.top(), items);
        return true;
      }
      case OPCODE.ADDITEMS: {
        const items = stack.popToMark();
        const set = stack.top();
        if (!(set instanceof Set)) throw damaged('items are added to something that is not a set');
        for (const item of items) set.add(item);
        return true;
      }
      case OPCODE.FROZENSET:
        return push(new Set(stack.popToMark()));
      default:
        return false;
    }
  }

  /** The memo, globals and what is made of them. */
  #reference(opcode: number): boolean {
    const [input, stack, memo] = [this.#in, this.#stack, this.#memo];
    switch (opcode) {
      case OPCODE.MEMOIZE:
        memo.set(memo.size, stack.top());
        return true;
      case OPCODE.BINPUT:
        memo.set(input.u8(), stack.top());
        return true;
      case OPCODE.LONG_BINPUT:
        memo.set(input.u32(), stack.top());
        return true;
      case OPCODE.PUT:
        memo.set(Number(input.line()), stack.top());
        return true;
      case OPCODE.BINGET:
        return this.#get(input.u8());
      case OPCODE.LONG_BINGET:
        return this.#get(input.u32());
      case OPCODE.GET:
        return this.#get(Number(input.line()));
      case OPCODE.GLOBAL:
        stack.push(this.#options.resolve(input.line(), input.line()));
        return true;
      case OPCODE.STACK_GLOBAL: {
        const [module, name] = stack.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw damaged('the name of a global is not a text');
        stack.push(this.#options.resolve(module, name));
        return true;
      }
      case OPCODE.REDUCE: {
        const [global, args] = stack.popMany(2);
        stack.push(call(global, args));
        return true;
      }
      case OPCODE.NEWOBJ: {
        const [global, args] = stack.popMany(2);
        stack.push(make(global, args));
        return true;
      }
      case OPCODE.NEWOBJ_EX: {
        const [global, args, named] = stack.popMany(3);
        if (!(named instanceof Map) || named.size > 0) throw damaged('an object is created with named arguments');
        stack.push(make(global, args));
        return true;
      }
      case OPCODE.BUILD: {
        const [state] = stack.popMany(1);
        build(stack.top(), state);
        return true;
      }
      case OPCODE.BINPERSID: {
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
    if (!this.#memo.has(key)) throw damaged('it refers to an object that does not exist');
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

function setItems(target: unknown, items: readonly unknown[]): unknown {
  if (!(target instanceof Map)) throw damaged('keys are set in something that is not a dict');
  if (items.length % 2 !== 0) throw damaged('a key has no value');
  for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  return target;
}

function append(target: unknown, items: readonly unknown[]): void {
  if (!Array.isArray(target)) throw damaged('items are appended to something that is not a list');
  for (const item of items) target.push(item);
}
