// The frame of the dashboard. Enters: the address, the blocks of the line, the slider. Leaves: the page of the
// address, read again when a block comes. Always holds: at most one reading at a time, at most one in AGAIN_MS; an
// old answer never replaces a newer page; whether the page is live, past or cut off is said at the top.
import { byId, h, morphChildren } from './dom.js';
import { defineElements, setChainTime } from './elements.js';
import { clock, count, middle, span } from './format.js';
import { Fault, Line, ask } from './graphql.js';
import { pageOf, read } from './pages.js';
import { panel } from './parts.js';
import { currentRoute, enter, href, hrefAt, routeOf } from './route.js';

const AGAIN_MS = 1_500;
// An API that is busy is asked less: a page rests so many times as long as its last reading took.
const REST = 4;
const SLIDE_MS = 180;
const TITLE = 'EventSourced';

const line = new Line();
/** @type {import('./graphql.js').Block | null} */
let head = null;
let turn = 0;
let isReading = false;
let isStale = false;
let lastRead = 0;
let took = 0;
/** @type {import('./route.js').Route | null} */
let shown = null;
/** @type {Date | null} */
let back = null;

/** @param {boolean} isNew whether the reader came from another page */
async function show(isNew) {
  const mine = ++turn;
  const route = currentRoute();
  isReading = true;
  const began = Date.now();
  isStale = false;
  if (isNew) byId('page').setAttribute('aria-busy', 'true');
  try {
    const page = await pageOf(route);
    const [data] = await Promise.all([read(page, route), timeOf(route.block)]);
    if (mine !== turn) return;
    const view = { route, at: route.block };
    morphChildren(byId('page'), h('div', null, page.render(data, view)));
    document.title = `${page.title(data, view)} · ${TITLE}`;
    arrive(route, isNew);
  } catch (fault) {
    if (mine !== turn) return;
    if (isNew || !shown || (fault instanceof Fault && fault.isOurs))
      morphChildren(byId('page'), h('div', null, trouble(fault)));
    isStale = true;
  } finally {
    if (mine === turn) {
      isReading = false;
      lastRead = Date.now();
      took = lastRead - began;
      byId('page').removeAttribute('aria-busy');
    }
  }
}

/** @param {import('./route.js').Route} route @param {boolean} isNew */
function arrive(route, isNew) {
  const isOther = shown && (shown.page !== route.page || shown.id !== route.id);
  shown = route;
  if (!isNew || !isOther) return;
  window.scrollTo(0, 0);
  const title = byId('page').querySelector('h1');
  if (title instanceof HTMLElement) title.focus({ preventScroll: true });
}

/** Time at a block of the past is that of the last event up to it. @param {number | null} block */
async function timeOf(block) {
  if (block === null) return;
  const { events } = await ask(
    'query When($to: Long) { events(toBlock: $to, first: 1, order: DESC) { nodes { block { timestamp } } } }',
    { to: block },
  );
  const at = events.nodes[0]?.block.timestamp;
  if (at && currentRoute().block === block) {
    setChainTime(at, true);
    byId('past-time').textContent = `, ${clock(at)}`;
  }
}

/** @param {unknown} fault */
function trouble(fault) {
  const isOurs = fault instanceof Fault && fault.isOurs;
  return h(
    'div',
    null,
    h('div', { class: 'heading' }, h('h1', { tabindex: -1 }, isOurs ? 'The API refuses this' : 'No answer')),
    panel(
      'What is wrong',
      [
        h('p', null, fault instanceof Error ? fault.message : String(fault)),
        h(
          'p',
          { class: 'soft' },
          isOurs
            ? 'The address asks for something that the API does not have: follow a link of the page, or go back to the present.'
            : 'This page tries again by itself. If you run the host: ./es status says how it is, ./es up starts it.',
        ),
        h('p', null, h('a', { href: hrefAt(null) }, 'The present'), ' · ', h('a', { href: '/readyz' }, 'Is it ready?')),
      ],
      { cls: 'trouble' },
    ),
  );
}

function again() {
  if (currentRoute().block !== null || document.hidden) return;
  if (isReading || Date.now() - lastRead < Math.max(AGAIN_MS, took * REST)) {
    isStale = true;
    return;
  }
  void show(false);
}

// Frame

function drawFrame() {
  const { page, block } = currentRoute();
  for (const link of byId('rooms').querySelectorAll('a')) {
    const room = link.dataset.room ?? '';
    const isHere = (link.dataset.pages ?? room).split(' ').includes(page);
    link.href = href(room);
    if (isHere) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.documentElement.dataset.time = block === null ? 'now' : 'past';
  byId('past').hidden = block === null;
  byId('past-block').textContent = block === null ? '' : count(block);
  for (const link of document.querySelectorAll('a.to-now'))
    if (link instanceof HTMLAnchorElement) link.href = hrefAt(null);
  drawSlider();
}

function drawSlider() {
  const slider = sliderElement();
  const { block } = currentRoute();
  const most = Math.max(head?.number ?? 0, block ?? 0, 1);
  slider.max = String(most);
  if (document.activeElement !== slider || block === null) slider.value = String(block ?? most);
  slider.setAttribute('aria-valuetext', block === null ? `the present, block ${most}` : `block ${block} of ${most}`);
  byId('slider-says').textContent =
    block === null ? `now, block ${count(head?.number ?? 0)}` : `block ${count(block)} of ${count(most)}`;
}

function sliderElement() {
  const slider = byId('slider');
  if (!(slider instanceof HTMLInputElement)) throw new Error('expected the slider to be an input');
  return slider;
}

function drawLine() {
  const place = byId('line');
  place.dataset.state = line.state;
  /** @type {Record<string, string>} */
  const words = {
    connecting: 'Connecting…',
    live: back ? `Live again since ${back.toLocaleTimeString('en', { hour12: false })}` : 'Live',
    paused: 'Paused: this page is hidden',
    lost: `Cut off for ${span((Date.now() - (line.since ?? new Date()).getTime()) / 1_000)}`,
  };
  place.textContent = words[line.state] ?? line.state;
  const alarm = byId('alarm');
  alarm.hidden = line.state !== 'lost';
  byId('alarm-why').textContent = line.state === 'lost' ? line.why : '';
}

// Begin

function follow() {
  enter(routeOf(location.hash));
  const { block } = currentRoute();
  if (block === null && head) setChainTime(head.timestamp, false);
  byId('past-time').textContent = '';
  drawFrame();
  void show(true);
}

function listen() {
  line.addEventListener('block', (event) => {
    if (!(event instanceof CustomEvent)) return;
    const isNew = head?.hash !== event.detail.hash;
    head = event.detail;
    if (currentRoute().block === null && head) setChainTime(head.timestamp, false);
    drawSlider();
    if (isNew || isStale) again();
  });
  line.addEventListener('state', (event) => {
    const before = event instanceof CustomEvent ? event.detail : '';
    if (before === 'lost' && line.state === 'live') back = new Date();
    drawLine();
    if (line.state === 'live' && before !== 'live') isStale = true;
  });
  setInterval(() => {
    if (line.state === 'lost') drawLine();
    else if (isStale && line.state === 'live') currentRoute().block === null ? again() : void show(false);
  }, 1_000);
  window.addEventListener('hashchange', follow);
}

function slide() {
  let waiting = 0;
  const slider = sliderElement();
  slider.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const number = Number(slider.value);
      location.hash = hrefAt(number >= Number(slider.max) ? null : number);
    }, SLIDE_MS);
  });
}

function seek() {
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    const words = byId('words');
    if (words instanceof HTMLInputElement && words.value.trim()) location.hash = href('search', words.value.trim());
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    byId('words').focus();
  });
}

/** The wallet that was connected before comes after the first screen. */
function greet() {
  if (!localStorage.getItem('es.wallet')) return;
  import('./wallet/session.js').then(({ session }) => session.begin()).catch(() => {});
}

/** @param {string | null} account */
function drawPurse(account) {
  const purse = byId('purse');
  purse.textContent = account ? middle(account) : 'Connect a wallet';
  purse.title = account ?? '';
}

defineElements();
listen();
slide();
seek();
follow();
drawLine();
line.start();
window.addEventListener('es-account', (event) => drawPurse(event instanceof CustomEvent ? event.detail : null));
window.addEventListener('load', greet, { once: true });
