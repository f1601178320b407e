/** The pay page goes on by itself: it asks for a way to pay and goes there. Without scripts the same form does it by its button. */

type Reply = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly text: string };

const ANSWER_TIMEOUT_MS = 20_000;

async function goOn(form: HTMLFormElement): Promise<void> {
  const status = document.querySelector<HTMLElement>('#status');
  const button = form.querySelector('button');
  const say = (text: string, busy: boolean) => {
    if (status) {
      status.textContent = text;
      status.hidden = text === '';
    }
    form.classList.toggle('busy', busy);
    if (button) button.disabled = busy;
  };
  say(form.dataset['moving'] ?? '', true);
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams(
        [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
      ),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const reply = (await answer.json()) as Reply;
    if (reply.ok) location.assign(reply.url);
    else say(reply.text, false);
  } catch {
    say(form.dataset['failed'] ?? '', false);
  }
}

const form = document.querySelector<HTMLFormElement>('#pay');
if (form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void goOn(form);
  });
  // Back from the payment page by the browser's own button: the page of before is shown again, and must be usable.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  const [arrival] = performance.getEntriesByType('navigation');
  const came = arrival instanceof PerformanceNavigationTiming ? arrival.type : 'navigate';
  if (form.dataset['auto'] === 'yes' && came !== 'back_forward') void goOn(form);
}
