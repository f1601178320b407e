/** On a phone one of the two sides is in front; on a wide screen both stand side by side. */
import { byId } from './dom.ts';

export type Side = 'group' | 'you';

export type Sides = {
  /** Called whenever a side comes to the front. */
  readonly listen: (onShow: (side: Side) => void) => void;
  readonly show: (side: Side) => void;
  readonly isShown: (side: Side) => boolean;
  readonly count: (side: Side, unread: number) => void;
};

export function createSides(): Sides {
  const wide = matchMedia('(min-width: 56rem)');
  const app = byId('app');
  const places = { group: byId('group'), you: byId('you') };
  const buttons = { group: byId('to-group'), you: byId('to-you') };
  let front: Side = 'group';
  let onShow: (side: Side) => void = () => undefined;

  const apply = () => {
    app.dataset['side'] = front;
    for (const side of ['group', 'you'] as const) {
      places[side].inert = !wide.matches && side !== front;
      buttons[side].setAttribute('aria-pressed', `${side === front}`);
    }
    onShow(front);
  };
  const show = (side: Side) => {
    if (side === front) return;
    front = side;
    // The back button of a phone brings the group back instead of leaving the market.
    if (side === 'you' && !wide.matches) history.pushState({ side }, '');
    apply();
  };
  buttons.group.addEventListener('click', () => {
    if ((history.state as { side?: Side } | null)?.side === 'you') history.back();
    else show('group');
  });
  buttons.you.addEventListener('click', () => show('you'));
  addEventListener('popstate', (event) => {
    front = (event.state as { side?: Side } | null)?.side ?? 'group';
    apply();
  });
  wide.addEventListener('change', apply);
  history.replaceState({ side: 'group' }, '');
  apply();
  return {
    listen: (listener) => {
      onShow = listener;
    },
    show,
    isShown: (side) => wide.matches || side === front,
    count: (side, unread) => {
      const badge = buttons[side].querySelector<HTMLElement>('.unread');
      if (!badge) return;
      badge.hidden = unread === 0;
      badge.textContent = `${unread}`;
    },
  };
}
