/** A neutral view as the browser gets it: text and handles, never markup. What a view leaves out becomes an explicit null. */
import type { HandledAction, HandledBlock, HandledView } from '../../src/view/handles.ts';
import type { WireAction, WireBlock, WireView } from './client/wire.ts';

/** `source`: the handle that draws the view again, where it has a document. */
export function render(
  view: HandledView,
  { locale, dir, source }: Pick<WireView, 'locale' | 'dir'> & { readonly source?: string | undefined },
): WireView {
  const { document } = view;
  return {
    locale,
    dir,
    title: view.title ?? null,
    badge: view.badge ?? null,
    image: view.image ?? null,
    body: view.body.map(renderBlock),
    actions: view.actions.map((row) => row.map(renderAction)),
    tone: view.tone,
    ...(document && source ? { document: { name: document.name, path: `documents/${source}` } } : {}),
  };
}

function renderBlock(block: HandledBlock): WireBlock {
  switch (block.kind) {
    case 'paragraph':
      return { kind: 'paragraph', text: block.text, tone: block.tone ?? 'plain' };
    case 'quote':
      return {
        kind: 'quote',
        rows: block.rows.map(({ label, detail, amount, strong }) => ({
          label,
          detail: detail ?? null,
          amount,
          strong: strong ?? false,
        })),
        about: block.about ?? null,
      };
    case 'list':
      return {
        kind: 'list',
        items: block.items.map(({ text, detail, image, actions }) => ({
          text,
          detail: detail ?? null,
          image: image ?? null,
          actions: (actions ?? []).map(renderAction),
        })),
      };
    case 'facts':
    case 'progress':
    case 'words':
    case 'copy':
      return block;
    default:
      return block satisfies never;
  }
}

function renderAction(action: HandledAction): WireAction {
  const { label, style = 'plain' } = action;
  switch (action.kind) {
    case 'link':
      return { kind: 'link', label, style, url: safeUrl(action.url) };
    case 'form':
      return { kind: 'form', label, style, handle: action.handle, form: action.form };
    case 'press':
      return {
        kind: 'press',
        label,
        style,
        handle: action.handle,
        disabled: action.disabled ?? false,
        confirm: action.confirm ?? null,
      };
    default:
      return action satisfies never;
  }
}

/** A link leads to a page; nothing that a browser would run gets into an href. */
function safeUrl(url: string): string {
  const { protocol } = URL.parse(url) ?? { protocol: '' };
  return protocol === 'https:' || protocol === 'http:' ? url : '/';
}
