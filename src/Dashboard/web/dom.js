// Elements without a framework. Enters: tag, attributes, children. Leaves: a DOM node; and an old tree that was made
// like a new one. Always holds: text is set as text, never read as markup, so that nothing from the chain can run
// here.

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Child | Children[]} Children */
/** @typedef {Record<string, unknown>} Attributes */

/** @param {string} tag @param {Attributes | null} [attributes] @param {...Children} children */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** @param {string} tag @param {Attributes | null} [attributes] @param {...Children} children */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * A name that begins with a dot is a property: of our own elements alone.
 * @template {Element} E @param {E} element @param {Attributes | null | undefined} attributes
 * @param {Children[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('.')) Reflect.set(element, name.slice(1), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of /** @type {Child[]} */ (/** @type {unknown[]} */ (children).flat(20)))
    if (child !== null && child !== undefined && child !== false)
      element.append(child instanceof Node ? child : String(child));
  return element;
}

/** Makes the children of `there` those of `wanted`, and keeps each node that can stay: focus and scroll survive.
 * @param {Element} there @param {Node} wanted */
export function morphChildren(there, wanted) {
  const old = [...there.childNodes];
  const fresh = [...wanted.childNodes];
  fresh.forEach((node, index) => {
    const before = old[index];
    if (!before) there.append(node);
    else if (!morph(before, node)) before.replaceWith(node);
  });
  for (const rest of old.slice(fresh.length)) rest.remove();
}

/** @param {Node} old @param {Node} fresh @returns {boolean} whether the old node could stay */
function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return false;
  if (!(old instanceof Element) || !(fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return true;
  }
  if (old.getAttribute('data-key') !== fresh.getAttribute('data-key')) return false;
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  // An element with a dash in its name owns its inside: it is told its data alone.
  if (old.nodeName.includes('-')) {
    if (Reflect.has(fresh, 'data')) Reflect.set(old, 'data', Reflect.get(fresh, 'data'));
    return true;
  }
  morphChildren(old, fresh);
  return true;
}

/** The element with the id, which the page has.
 * @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`expected an element ${id} in the page, found none`);
  return found;
}
