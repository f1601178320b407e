/** The three calls of the Bot API that move money. What cannot be believed is `unclear`, never an error: it may have been done. */
import type { Api } from 'grammy';
import { z } from 'zod';
import { ChannelTrouble } from '../../ports/payment-channel.ts';

export type TelegramSettings = {
  /** The bot's, from BotFather. */
  readonly token: string;
  /** Where its API is; Telegram's own when absent. */
  readonly apiRoot?: string | undefined;
  /** 10 seconds unless told. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;
const PAGE = 100;

export type InvoiceLink = {
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly providerToken: string;
  readonly currency: string;
  readonly prices: readonly { readonly label: string; readonly amount: number }[];
};

const partner = z.looseObject({
  type: z.string(),
  user: z.looseObject({ id: z.number() }).optional(),
  invoice_payload: z.string().optional(),
});
const transaction = z.looseObject({
  id: z.string().min(1),
  amount: z.int().nonnegative(),
  date: z.int().nonnegative(),
  source: partner.optional(),
  receiver: partner.optional(),
});
const page = z.looseObject({ transactions: z.array(transaction).max(PAGE) });

/** `date` is in seconds. A refund carries the id of the payment that it gives back. */
export type StarTransaction = z.output<typeof transaction>;

export type Reply<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Telegram said no, in its own words: this call did nothing. */
  | { readonly kind: 'refused'; readonly words: string }
  /** Time-out, broken line, 5xx, or an answer of another shape. */
  | { readonly kind: 'unclear' };

/** Every call throws `ChannelTrouble` when Telegram put it off (retryable) or does not know the bot (not retryable). */
export type BotApi = {
  readonly botId: string;
  createInvoiceLink(invoice: InvoiceLink): Promise<Reply<string>>;
  /** Oldest first; fewer than `PAGE` are the last. */
  starTransactions(offset: number, limit: number): Promise<Reply<readonly StarTransaction[]>>;
  refundStars(userId: number, chargeId: string): Promise<Reply<true>>;
};

export const STAR_PAGE = PAGE;

/** Throws RangeError when the token is none. */
export function createBotApi({ token, apiRoot, timeoutMs = TIMEOUT_MS }: TelegramSettings): BotApi {
  const botId = /^(\d{1,20}):\S+$/.exec(token)?.[1];
  if (botId === undefined) throw new RangeError('TELEGRAM_BOT_TOKEN is no token: copy it whole from BotFather.');
  let made: Promise<{ api: Api; judge: (error: unknown) => Reply<never> }> | undefined;
  // The library is loaded when the first bill needs it: a market without the bot never pays for it.
  const open = async () => {
    const { Api: BotFatherApi, GrammyError } = await import('grammy');
    const options = { timeoutSeconds: timeoutMs / 1000, ...(apiRoot === undefined ? {} : { apiRoot }) };
    const judge = (error: unknown): Reply<never> =>
      error instanceof GrammyError ? refusalOf(error) : { kind: 'unclear' };
    return { api: new BotFatherApi(token, options), judge };
  };
  const call = async <T>(shape: z.ZodType<T>, act: (api: Api) => Promise<unknown>): Promise<Reply<T>> => {
    const { api, judge } = await (made ??= open());
    try {
      const answer = shape.safeParse(await act(api));
      return answer.success ? { kind: 'answered', value: answer.data } : { kind: 'unclear' };
    } catch (error) {
      return judge(error);
    }
  };
  return {
    botId,
    createInvoiceLink: ({ title, description, payload, providerToken, currency, prices }) =>
      call(z.url(), (api) =>
        api.createInvoiceLink(
          title,
          description,
          payload,
          providerToken,
          currency,
          prices.map((one) => ({ ...one })),
        ),
      ),
    async starTransactions(offset, limit) {
      const answer = await call(page, (api) => api.getStarTransactions({ offset, limit }));
      return answer.kind === 'answered' ? { kind: 'answered', value: answer.value.transactions } : answer;
    },
    refundStars: (userId, chargeId) => call(z.literal(true), (api) => api.refundStarPayment(userId, chargeId)),
  };
}

type Refusal = {
  readonly method: string;
  readonly error_code: number;
  readonly description: string;
};

function refusalOf({ method, error_code: code, description }: Refusal): Reply<never> {
  if (code === 429) throw new ChannelTrouble(`telegram ${method}: 429, try again later.`, { retryable: true });
  if (code === 401 || code === 404) {
    throw new ChannelTrouble(`telegram ${method}: ${code}: the bot's token is not accepted.`, { retryable: false });
  }
  return code >= 400 && code < 500 ? { kind: 'refused', words: description } : { kind: 'unclear' };
}
