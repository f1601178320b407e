// How the Bot API says no. The descriptions are Telegram's own words where they are known.

export type RefusalParameters = { readonly retry_after?: number; readonly migrate_to_chat_id?: number };

export class Refusal extends Error {
  readonly status: number;
  readonly parameters: RefusalParameters | undefined;
  /** True when the request itself breaks a published type or limit: no state of the world could make it right. */
  readonly isInvalid: boolean;

  constructor(status: number, description: string, options: { parameters?: RefusalParameters; invalid?: true } = {}) {
    super(description);
    this.status = status;
    this.parameters = options.parameters;
    this.isInvalid = options.invalid ?? false;
  }
}

export const badRequest = (words: string): Refusal => new Refusal(400, `Bad Request: ${words}`);
export const invalid = (words: string): Refusal => new Refusal(400, `Bad Request: ${words}`, { invalid: true });
export const forbidden = (words: string): Refusal => new Refusal(403, `Forbidden: ${words}`);
export const tooMany = (retryAfterS: number): Refusal =>
  new Refusal(429, `Too Many Requests: retry after ${retryAfterS}`, { parameters: { retry_after: retryAfterS } });
export const upgraded = (toChatId: number): Refusal =>
  new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    parameters: { migrate_to_chat_id: toChatId },
  });
