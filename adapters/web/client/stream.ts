/** Everything new arrives here. A cut or hidden page continues after the last seq it has seen: nothing lost, nothing twice. */
import type { WireMessage } from './wire.ts';

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;
const SHOW_LOSS_AFTER_MS = 1_500;

export type StreamOptions = {
  readonly seat: number;
  readonly after: number;
  readonly onMessage: (message: WireMessage) => void;
  readonly onState: (state: 'live' | 'lost') => void;
  /** The session is over. */
  readonly onOver: () => void;
};

export function openStream(options: StreamOptions): void {
  let after = options.after;
  let source: EventSource | undefined;
  let retryMs = RETRY_FIRST_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let lossTimer: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    source?.close();
    source = undefined;
    clearTimeout(retryTimer);
    clearTimeout(lossTimer);
    lossTimer = undefined;
  };
  const live = () => {
    clearTimeout(lossTimer);
    lossTimer = undefined;
    retryMs = RETRY_FIRST_MS;
    options.onState('live');
  };
  const lost = () => {
    lossTimer ??= setTimeout(() => options.onState('lost'), SHOW_LOSS_AFTER_MS);
    source?.close();
    source = undefined;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MOST_MS);
  };
  const open = () => {
    if (source || document.hidden) return;
    const opened = new EventSource(`/seat/${options.seat}/events?after=${after}`);
    source = opened;
    opened.addEventListener('ready', live);
    opened.addEventListener('over', () => {
      close();
      options.onOver();
    });
    opened.addEventListener('message', (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as WireMessage;
      if (message.seq <= after) return;
      after = message.seq;
      options.onMessage(message);
    });
    // The browser's own retry would not back off, nor survive an answer other than 200.
    opened.addEventListener('error', () => {
      if (source === opened) lost();
    });
  };
  const wake = () => {
    if (document.hidden) return close();
    retryMs = RETRY_FIRST_MS;
    clearTimeout(retryTimer);
    open();
  };
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  addEventListener('offline', lost);
  addEventListener('pageshow', wake);
  addEventListener('pagehide', close);
  open();
}
