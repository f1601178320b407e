/** Draws a view. It knows blocks and buttons, not products or orders. */
import { el, icon } from './dom.ts';
import type { Page } from './page.ts';
import type { WireAction, WireBlock, WireInline, WireItem, WirePicture, WireView } from './wire.ts';

/** What happens when a button is pressed; `button` shows that it works. */
export type Act = (action: WireAction, button: HTMLButtonElement) => void;

const QUOTE_COLUMNS = 2;

let ids = 0;

export function drawView(view: WireView, page: Page, act: Act): HTMLElement {
  const titleId = `t${(ids += 1)}`;
  const badge = view.badge && el('span', { class: `badge ${view.badge.tone}`, dir: 'auto' }, view.badge.text);
  const inner = el('div', { class: 'card-inner' });
  if (view.title !== null || (badge && !view.image)) {
    inner.append(
      el(
        'header',
        { class: 'card-head' },
        view.title === null ? null : el('h3', { id: titleId, dir: 'auto' }, view.title),
        view.image ? null : badge,
      ),
    );
  }
  inner.append(...view.body.map((block) => drawBlock(block, page, act)));
  if (view.document) inner.append(drawDocument(view.document, page));
  const rows = view.actions.filter((row) => row.length > 0);
  if (rows.length > 0) {
    const drawn = rows.map((row, at) => drawActions(row, `${at}`, page, act));
    inner.append(el('div', { class: 'card-actions' }, ...drawn));
  }
  const media = view.image && el('div', { class: 'card-media' }, drawPicture(view.image), badge);
  const labelled = view.title === null ? {} : { 'aria-labelledby': titleId };
  const attributes = {
    class: `card ${view.tone}${media ? ' pictured' : ''}`,
    lang: view.locale,
    dir: view.dir,
    tabindex: -1,
  };
  return el('article', { ...attributes, ...labelled }, media, inner);
}

/** Saved where the browser saves things; the page stays. */
function drawDocument({ name, path }: NonNullable<WireView['document']>, page: Page): HTMLElement {
  const href = `/seat/${page.boot.seat}/${path}`;
  const label = el('span', { class: 'label', dir: 'ltr' }, name);
  return el('a', { class: 'button primary', href, download: name }, label);
}

function drawPicture(picture: WirePicture): HTMLElement {
  return el('img', { src: `/images/${picture.digest}`, alt: picture.alt, loading: 'lazy', decoding: 'async' });
}

function drawInline(text: readonly WireInline[]): Node[] {
  return text.map((part) => {
    if (typeof part === 'string') return document.createTextNode(part);
    if ('bold' in part) return el('strong', {}, part.bold);
    return el('code', { dir: 'ltr' }, part.code);
  });
}

function drawBlock(block: WireBlock, page: Page, act: Act): HTMLElement {
  switch (block.kind) {
    case 'paragraph':
      return el('p', { class: `paragraph ${block.tone}`, dir: 'auto' }, ...drawInline(block.text));
    case 'facts':
      return el('dl', { class: 'facts' }, ...block.facts.map(drawFact));
    case 'quote':
      return drawQuote(block);
    case 'list':
      return el('ul', { class: 'items' }, ...block.items.map((item, at) => drawItem(item, `i${at}`, page, act)));
    case 'progress':
      return el(
        'label',
        { class: 'progress' },
        el('span', { dir: 'auto' }, block.label),
        el('progress', { max: Math.max(block.of, 1), value: block.done }),
      );
    case 'words':
      return el('blockquote', { class: 'words', dir: 'auto' }, block.text);
    case 'copy':
      return drawCopy(block, page);
  }
}

function drawFact(fact: { readonly label: string; readonly value: readonly WireInline[] }): HTMLElement {
  return el('div', {}, el('dt', { dir: 'auto' }, fact.label), el('dd', { dir: 'auto' }, ...drawInline(fact.value)));
}

function drawQuote(block: Extract<WireBlock, { kind: 'quote' }>): HTMLElement {
  const rows = block.rows.map((row) => {
    const detail = row.detail === null ? null : el('small', { dir: 'auto' }, row.detail);
    const label = el('th', { scope: 'row' }, el('span', { dir: 'auto' }, row.label), detail);
    return el('tr', { class: row.strong ? 'strong' : null }, label, el('td', {}, el('bdi', {}, row.amount)));
  });
  const about = block.about === null ? null : el('td', { colspan: QUOTE_COLUMNS, dir: 'auto' }, block.about);
  const foot = about && el('tfoot', {}, el('tr', {}, about));
  return el('table', { class: 'quote' }, el('tbody', {}, ...rows), foot);
}

function drawItem(item: WireItem, at: string, page: Page, act: Act): HTMLElement {
  return el(
    'li',
    { class: 'item' },
    item.image && drawPicture(item.image),
    el(
      'div',
      { class: 'item-text' },
      el('p', { dir: 'auto' }, ...drawInline(item.text)),
      item.detail === null ? null : el('p', { class: 'detail', dir: 'auto' }, item.detail),
    ),
    item.actions.length > 0 && drawActions(item.actions, at, page, act),
  );
}

function drawActions(row: readonly WireAction[], at: string, page: Page, act: Act): HTMLElement {
  return el(
    'div',
    { class: 'actions' },
    ...row.map((action, index) => drawAction(action, `${at}.${index}`, page, act)),
  );
}

/** `data-at` finds the button again after its view was drawn anew. */
function drawAction(action: WireAction, at: string, page: Page, act: Act): HTMLElement {
  const attributes = { class: `button ${action.style}`, 'data-at': at };
  const label = el('span', { class: 'label', dir: 'auto' }, action.label);
  if (action.kind === 'link') {
    const hint = el('span', { class: 'unseen' }, ` (${page.word('opens_new')})`);
    return el('a', { ...attributes, href: action.url, target: '_blank', rel: 'noopener' }, label, icon('out'), hint);
  }
  const disabled = action.kind === 'press' && action.disabled;
  const button = el('button', { ...attributes, type: 'button', disabled, 'data-handle': action.handle }, label);
  if (action.kind === 'form') button.setAttribute('aria-haspopup', 'dialog');
  button.addEventListener('click', () => act(action, button));
  return button;
}

function drawCopy(block: Extract<WireBlock, { kind: 'copy' }>, page: Page): HTMLElement {
  const code = el('code', { dir: 'auto', tabindex: 0 }, block.text);
  const label = el('span', { class: 'label' }, page.word('copy'));
  const button = el('button', { type: 'button', class: 'button plain small' }, icon('copy'), label);
  const copy = async () => {
    if (!(await copyText(block.text, code))) return;
    label.textContent = page.word('copied');
    page.announce(page.word('copied'));
  };
  button.addEventListener('click', () => void copy());
  return el('div', { class: 'copy' }, el('span', { class: 'copy-label', dir: 'auto' }, block.label), code, button);
}

/** The clipboard is closed to pages that came by plain http: then the text is selected for the person to copy. */
async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
