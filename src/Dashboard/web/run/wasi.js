// WASI preview 1 for one run, as lib/Sandbox gives it: arguments, environment, streams, files to read, a logical clock,
// random numbers from a seed. Enters: a world that is given whole. Leaves: imports for WebAssembly, and what was
// written. Always holds: equal worlds give equal runs; nothing of the machine is seen: no time, no chance, no network.

import { normal, tree } from './files.js';

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const EXISTS = 20;
const FAULT = 21;
const TOO_BIG = 22;
const INVALID = 28;
const IS_FOLDER = 31;
const TOO_MANY_OPEN = 33;
const NAME_TOO_LONG = 37;
const NO_ENTRY = 44;
const NOT_FOLDER = 54;
const NOT_SUPPORTED = 58;
const READ_ONLY = 69;
const NO_SEEK = 70;
const NOT_CAPABLE = 76;

const MOST_DESCRIPTORS = 1_024;
const MOST_VECTORS = 1_024;
const MOST_PATH = 4_096;
const ENTRY_HEADER = 24;
const CLOCKS = 4;
const CHARACTER = 2;
const FOLDER = 3;
const FILE = 4;
const READ = 1n << 1n;
const SEEK = 1n << 2n;
const TELL = 1n << 5n;
const WRITE = 1n << 6n;
const PATH_OPEN = 1n << 13n;
const READ_FOLDER = 1n << 14n;
const PATH_STAT = 1n << 18n;
const STAT = 1n << 21n;

/** @type {Record<string, number>} */
const REFUSED = {
  fd_advise: NOT_SUPPORTED,
  fd_allocate: READ_ONLY,
  fd_datasync: NOT_SUPPORTED,
  fd_fdstat_set_flags: NOT_SUPPORTED,
  fd_fdstat_set_rights: NOT_SUPPORTED,
  fd_filestat_set_size: READ_ONLY,
  fd_filestat_set_times: READ_ONLY,
  fd_pwrite: READ_ONLY,
  fd_renumber: NOT_SUPPORTED,
  fd_sync: NOT_SUPPORTED,
  path_create_directory: READ_ONLY,
  path_filestat_set_times: READ_ONLY,
  path_link: READ_ONLY,
  path_readlink: INVALID,
  path_remove_directory: READ_ONLY,
  path_rename: READ_ONLY,
  path_symlink: READ_ONLY,
  path_unlink_file: READ_ONLY,
  poll_oneoff: NOT_SUPPORTED,
  proc_raise: NOT_SUPPORTED,
  sock_accept: NOT_SUPPORTED,
  sock_recv: NOT_SUPPORTED,
  sock_send: NOT_SUPPORTED,
  sock_shutdown: NOT_SUPPORTED,
};

/** The guest ended itself. */
export class Exit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** An answer to the guest, out of the depth of a call. */
class Fault extends Error {
  /** @param {number} answer */
  constructor(answer) {
    super(`errno ${answer}`);
    this.answer = answer;
  }
}

/**
 * @typedef {import('./files.js').Entry} Entry
 * @typedef {{ kind: 'input' } | { kind: 'output', parts: Uint8Array[], length: number }
 *   | { kind: 'folder', path: string } | { kind: 'file', content: Uint8Array, number: bigint, position: bigint }} Descriptor
 * @typedef {{ arguments: string[], environment: [string, string][], input: Uint8Array, files: [string, Uint8Array][],
 *   seed: bigint, clockStart: bigint, clockStep: bigint, outputBytes: number }} World
 */

/** One run's side of WASI. */
export class Wasi {
  /** @type {WebAssembly.Memory | null} */ memory = null;
  #output = { kind: /** @type {const} */ ('output'), parts: /** @type {Uint8Array[]} */ ([]), length: 0 };
  #errors = { kind: /** @type {const} */ ('output'), parts: /** @type {Uint8Array[]} */ ([]), length: 0 };
  /** @type {(Descriptor | null)[]} */ #descriptors;
  /** @type {Map<string, Entry>} */ #files;
  #read = 0;
  #looks = 0n;
  #block = 0n;
  #chance = new Uint8Array(0);
  #texts;
  #variables;

  /** @param {World} world @param {(bytes: Uint8Array) => Uint8Array} sha256 */
  constructor(world, sha256) {
    this.world = world;
    this.sha256 = sha256;
    this.#descriptors = [{ kind: 'input' }, this.#output, this.#errors, { kind: 'folder', path: '' }];
    this.#files = tree(world.files);
    this.#texts = ['agent', ...world.arguments].map(terminated);
    this.#variables = world.environment.map(([name, value]) => terminated(`${name}=${value}`));
  }

  get output() {
    return joined(this.#output.parts);
  }

  get errorOutput() {
    return joined(this.#errors.parts);
  }

  /** The functions of wasi_snapshot_preview1. @returns {Record<string, Function>} */
  imports() {
    /** @type {Record<string, (...args: any[]) => number>} */
    const calls = { ...this.#surroundings(), ...this.#streams(), ...this.#folders() };
    /** @type {Record<string, Function>} */
    const all = {};
    for (const [name, call] of Object.entries(calls))
      all[name] = (/** @type {any[]} */ ...args) => {
        try {
          return call(...args);
        } catch (fault) {
          if (fault instanceof Fault) return fault.answer;
          throw fault;
        }
      };
    for (const [name, answer] of Object.entries(REFUSED)) all[name] = () => answer;
    all.proc_exit = (/** @type {number} */ code) => {
      throw new Exit(code);
    };
    return all;
  }

  #surroundings() {
    return {
      args_sizes_get: (/** @type {number} */ count, /** @type {number} */ bytes) =>
        this.#sizes(this.#texts, count, bytes),
      args_get: (/** @type {number} */ places, /** @type {number} */ bytes) => this.#put(this.#texts, places, bytes),
      environ_sizes_get: (/** @type {number} */ count, /** @type {number} */ bytes) =>
        this.#sizes(this.#variables, count, bytes),
      environ_get: (/** @type {number} */ places, /** @type {number} */ bytes) =>
        this.#put(this.#variables, places, bytes),
      clock_res_get: (/** @type {number} */ clock, /** @type {number} */ result) => {
        if (clock >>> 0 >= CLOCKS) return INVALID;
        this.#write64(result, this.world.clockStep > 0n ? this.world.clockStep : 1n);
        return SUCCESS;
      },
      clock_time_get: (/** @type {number} */ clock, /** @type {bigint} */ _, /** @type {number} */ result) => {
        if (clock >>> 0 >= CLOCKS) return INVALID;
        this.#write64(result, this.world.clockStart + this.#looks * this.world.clockStep);
        this.#looks++;
        return SUCCESS;
      },
      random_get: (/** @type {number} */ buffer, /** @type {number} */ length) =>
        this.#random(this.#span(buffer, length)),
      sched_yield: () => SUCCESS,
    };
  }

  // SHA-256 over seed and block number, both little-endian.
  /** @param {Uint8Array} room */
  #random(room) {
    for (let at = 0; at < room.length;) {
      if (this.#chance.length === 0) {
        const key = new DataView(new ArrayBuffer(16));
        key.setBigUint64(0, this.world.seed, true);
        key.setBigUint64(8, this.#block++, true);
        this.#chance = new Uint8Array(this.sha256(new Uint8Array(key.buffer)));
      }
      const taken = this.#chance.subarray(0, room.length - at);
      room.set(taken, at);
      at += taken.length;
      this.#chance = this.#chance.slice(taken.length);
    }
    return SUCCESS;
  }

  #streams() {
    return {
      fd_read: (
        /** @type {number} */ fd,
        /** @type {number} */ vectors,
        /** @type {number} */ count,
        /** @type {number} */ done,
      ) => {
        const one = this.#get(fd);
        if (one.kind === 'input') {
          this.#read += this.#scatter(this.world.input.subarray(this.#read), vectors, count, done);
          return SUCCESS;
        }
        if (one.kind === 'folder') return IS_FOLDER;
        if (one.kind !== 'file') return BAD_DESCRIPTOR;
        one.position += BigInt(this.#scatter(rest(one), vectors, count, done));
        return SUCCESS;
      },
      fd_pread: (
        /** @type {number} */ fd,
        /** @type {number} */ vectors,
        /** @type {number} */ count,
        /** @type {bigint} */ offset,
        /** @type {number} */ done,
      ) => {
        const one = this.#get(fd);
        if (one.kind !== 'file') return one.kind === 'input' ? NO_SEEK : BAD_DESCRIPTOR;
        this.#scatter(rest({ ...one, position: BigInt.asUintN(64, offset) }), vectors, count, done);
        return SUCCESS;
      },
      fd_write: (
        /** @type {number} */ fd,
        /** @type {number} */ vectors,
        /** @type {number} */ count,
        /** @type {number} */ done,
      ) => this.#gather(fd, vectors, count, done),
      fd_seek: (
        /** @type {number} */ fd,
        /** @type {bigint} */ offset,
        /** @type {number} */ whence,
        /** @type {number} */ result,
      ) => {
        const one = this.#get(fd);
        if (one.kind !== 'file') return NO_SEEK;
        const from = [0n, one.position, BigInt(one.content.length)][whence] ?? -1n;
        if (from < 0n || from + offset < 0n || from + offset >= 1n << 63n) return INVALID;
        this.#write64(result, from + offset);
        one.position = from + offset;
        return SUCCESS;
      },
      fd_tell: (/** @type {number} */ fd, /** @type {number} */ result) => {
        const one = this.#get(fd);
        if (one.kind !== 'file') return NO_SEEK;
        this.#write64(result, one.position);
        return SUCCESS;
      },
      fd_close: (/** @type {number} */ fd) => {
        this.#get(fd);
        this.#descriptors[fd] = null;
        return SUCCESS;
      },
      fd_fdstat_get: (/** @type {number} */ fd, /** @type {number} */ result) => this.#status(this.#get(fd), result),
      fd_filestat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
        const one = this.#get(fd);
        if (one.kind === 'file') return this.#stat(result, one.number, FILE, one.content.length);
        if (one.kind === 'folder') return this.#stat(result, this.#files.get(one.path)?.number ?? 0n, FOLDER, 0);
        return this.#stat(result, 0n, CHARACTER, 0);
      },
    };
  }

  /**
   * A write is taken whole or refused whole. @param {number} fd @param {number} vectors @param {number} count
   * @param {number} done
   */
  #gather(fd, vectors, count, done) {
    const one = this.#get(fd);
    if (one.kind !== 'output') return one.kind === 'file' ? READ_ONLY : BAD_DESCRIPTOR;
    if (count >>> 0 > MOST_VECTORS) return INVALID;
    const buffers = Array.from({ length: count }, (_, i) => this.#buffer(vectors, i));
    const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (one.length + total > this.world.outputBytes) return TOO_BIG;
    this.#span(done, 4);
    for (const buffer of buffers) one.parts.push(buffer.slice());
    one.length += total;
    this.#write32(done, total);
    return SUCCESS;
  }

  #folders() {
    return {
      fd_prestat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
        if (fd !== 3 || this.#get(fd).kind !== 'folder') return BAD_DESCRIPTOR;
        this.#write32(result, 0);
        this.#write32(result + 4, 1);
        return SUCCESS;
      },
      fd_prestat_dir_name: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ length) => {
        if (fd !== 3 || this.#get(fd).kind !== 'folder') return BAD_DESCRIPTOR;
        if (length < 1) return NAME_TOO_LONG;
        this.#span(path, 1)[0] = 0x2f;
        return SUCCESS;
      },
      fd_readdir: (
        /** @type {number} */ fd,
        /** @type {number} */ buffer,
        /** @type {number} */ length,
        /** @type {bigint} */ cookie,
        /** @type {number} */ used,
      ) => {
        const one = this.#get(fd);
        if (one.kind !== 'folder') return NOT_FOLDER;
        return this.#list(one.path, this.#span(buffer, length), BigInt.asUintN(64, cookie), used);
      },
      path_filestat_get: (
        /** @type {number} */ fd,
        /** @type {number} */ _,
        /** @type {number} */ path,
        /** @type {number} */ length,
        /** @type {number} */ result,
      ) => {
        const node = this.#resolve(fd, path, length);
        if (!node) return NO_ENTRY;
        return this.#stat(result, node.number, node.content ? FILE : FOLDER, node.content?.length ?? 0);
      },
      path_open: (/** @type {any[]} */ ...args) => this.#open(args),
    };
  }

  /**
   * @param {any[]} args descriptor, look-up flags, path, length, flags, rights, inherited rights, descriptor
   *   flags, result
   */
  #open([fd, , path, length, flags, rights, , , result]) {
    const [create, folderOnly, exclusive, truncate] = [1, 2, 4, 8];
    const node = this.#resolve(fd, path, length);
    if (!node) return flags & create ? READ_ONLY : NO_ENTRY;
    if (flags & create && flags & exclusive) return EXISTS;
    if (flags & folderOnly && node.content) return NOT_FOLDER;
    if (flags & truncate || rights & WRITE) return READ_ONLY;
    const free = this.#descriptors.indexOf(null, 4);
    if (free < 0 && this.#descriptors.length >= MOST_DESCRIPTORS) return TOO_MANY_OPEN;
    const place = free < 0 ? this.#descriptors.length : free;
    this.#write32(result, place);
    this.#descriptors[place] = node.content
      ? { kind: 'file', content: node.content, number: node.number, position: 0n }
      : { kind: 'folder', path: node.path };
    return SUCCESS;
  }

  /** @param {string} folder @param {Uint8Array} room @param {bigint} cookie @param {number} used */
  #list(folder, room, cookie, used) {
    const prefix = folder ? `${folder}/` : '';
    const children = [...this.#files.values()]
      .filter(
        ({ path }) =>
          path.length > prefix.length && path.startsWith(prefix) && !path.slice(prefix.length).includes('/'),
      )
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    let written = 0;
    for (
      let i = Number(cookie < BigInt(children.length) ? cookie : BigInt(children.length));
      i < children.length && written < room.length;
      i++
    ) {
      const child = /** @type {Entry} */ (children[i]);
      const name = new TextEncoder().encode(child.path.slice(prefix.length));
      const entry = new Uint8Array(ENTRY_HEADER + name.length);
      const view = new DataView(entry.buffer);
      view.setBigUint64(0, BigInt(i + 1), true);
      view.setBigUint64(8, child.number, true);
      view.setUint32(16, name.length, true);
      entry[20] = child.content ? FILE : FOLDER;
      entry.set(name, ENTRY_HEADER);
      const fits = entry.subarray(0, room.length - written);
      room.set(fits, written);
      written += fits.length;
    }
    this.#write32(used, written);
    return SUCCESS;
  }

  /** @param {Descriptor} one @param {number} result */
  #status(one, result) {
    const reading = READ | SEEK | TELL | STAT;
    const [type, rights, inherited] = {
      input: [CHARACTER, READ, 0n],
      output: [CHARACTER, WRITE, 0n],
      file: [FILE, reading, 0n],
      folder: [FOLDER, PATH_OPEN | READ_FOLDER | PATH_STAT | STAT, reading | READ_FOLDER | PATH_OPEN | PATH_STAT],
    }[one.kind];
    const room = this.#span(result, 24);
    room.fill(0);
    room[0] = Number(type);
    this.#write64(result + 8, BigInt(rights ?? 0n));
    this.#write64(result + 16, BigInt(inherited ?? 0n));
    return SUCCESS;
  }

  /** @param {number} result @param {bigint} number @param {number} type @param {number} size */
  #stat(result, number, type, size) {
    const room = this.#span(result, 64);
    room.fill(0);
    this.#write64(result + 8, number);
    room[16] = type;
    this.#write64(result + 24, 1n);
    this.#write64(result + 32, BigInt(size));
    return SUCCESS;
  }

  /** @param {number} fd @returns {Descriptor} */
  #get(fd) {
    const found = this.#descriptors[fd >>> 0];
    if (!found) throw new Fault(BAD_DESCRIPTOR);
    return found;
  }

  /** @param {number} fd @param {number} path @param {number} length */
  #resolve(fd, path, length) {
    const folder = this.#get(fd);
    if (folder.kind !== 'folder') throw new Fault(NOT_FOLDER);
    if (length >>> 0 > MOST_PATH) throw new Fault(NAME_TOO_LONG);
    const bytes = this.#span(path, length);
    if (bytes.includes(0)) throw new Fault(INVALID);
    const whole = normal(folder.path, new TextDecoder().decode(bytes.slice()));
    if (whole === null) throw new Fault(NOT_CAPABLE);
    return this.#files.get(whole) ?? null;
  }

  /** @param {number} address @param {number} length */
  #span(address, length) {
    const bytes = new Uint8Array(/** @type {WebAssembly.Memory} */ (this.memory).buffer);
    const [from, count] = [address >>> 0, length >>> 0];
    if (from + count > bytes.length) throw new Fault(FAULT);
    return bytes.subarray(from, from + count);
  }

  /** @param {number} address */
  #view(address, length = 4) {
    const span = this.#span(address, length);
    return new DataView(span.buffer, span.byteOffset, span.length);
  }

  /** @param {number} address @param {number} value */
  #write32(address, value) {
    this.#view(address).setUint32(0, value, true);
  }

  /** @param {number} address @param {bigint} value */
  #write64(address, value) {
    this.#view(address, 8).setBigUint64(0, BigInt.asUintN(64, value), true);
  }

  /** @param {number} vectors @param {number} index */
  #buffer(vectors, index) {
    const view = this.#view(vectors + 8 * index, 8);
    return this.#span(view.getUint32(0, true), view.getUint32(4, true));
  }

  /** @param {Uint8Array} source @param {number} vectors @param {number} count @param {number} done */
  #scatter(source, vectors, count, done) {
    if (count >>> 0 > MOST_VECTORS) throw new Fault(INVALID);
    this.#write32(done, 0);
    let total = 0;
    for (let i = 0; i < count && source.length > total; i++) {
      const room = this.#buffer(vectors, i);
      const taken = source.subarray(total, total + room.length);
      room.set(taken);
      total += taken.length;
    }
    this.#write32(done, total);
    return total;
  }

  /** @param {Uint8Array[]} texts @param {number} count @param {number} bytes */
  #sizes(texts, count, bytes) {
    this.#write32(count, texts.length);
    this.#write32(
      bytes,
      texts.reduce((sum, text) => sum + text.length, 0),
    );
    return SUCCESS;
  }

  /** @param {Uint8Array[]} texts @param {number} places @param {number} bytes */
  #put(texts, places, bytes) {
    let at = bytes;
    for (const [i, text] of texts.entries()) {
      this.#write32(places + 4 * i, at);
      this.#span(at, text.length).set(text);
      at += text.length;
    }
    return SUCCESS;
  }
}

/** @param {string} text */
const terminated = (text) => new TextEncoder().encode(`${text}\0`);

/** @param {{ content: Uint8Array, position: bigint }} file */
const rest = ({ content, position }) =>
  content.subarray(Number(position < BigInt(content.length) ? position : BigInt(content.length)));

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
