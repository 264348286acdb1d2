// The files that a guest may read. Enters: paths with contents. Leaves: a tree of entries by normal path. Always holds:
// a path has no '.', no '..' and no empty part; every folder above a file is there; entries are numbered as they come.

/** @typedef {{ path: string, number: bigint, content: Uint8Array | null }} Entry */

/** Files and the folders above them, numbered as they are added. @param {[string, Uint8Array][]} files */
export function tree(files) {
  /** @type {Map<string, Entry>} */
  const all = new Map([['', { path: '', number: 0n, content: null }]]);
  const put = (/** @type {string} */ path, /** @type {Uint8Array | null} */ content) => {
    if (!all.has(path)) all.set(path, { path, number: BigInt(all.size), content });
  };
  for (const [path, content] of files) {
    if (normal('', path) !== path || !path) throw new Error(`Expected a path such as data/input.csv, found ${path}.`);
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      put(path.slice(0, slash), null);
    put(path, content);
  }
  return all;
}

/** A path seen from a folder; null where it leads out of it. @param {string} folder @param {string} path */
export function normal(folder, path) {
  if (path.startsWith('/')) return null;
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return [...(folder ? [folder] : []), ...parts].join('/');
}
