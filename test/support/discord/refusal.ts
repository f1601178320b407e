// How Discord says no: its error codes are published, its words are its own.

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly extra: object;
  /** True when the request itself breaks a published type or limit: no state of the world could make it right. */
  readonly isInvalid: boolean;

  constructor(status: number, code: number, message: string, options: { extra?: object; invalid?: true } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = options.extra ?? {};
    this.isInvalid = options.invalid ?? false;
  }
}

export const invalidForm = (problem: string): Refusal =>
  new Refusal(400, 50035, 'Invalid Form Body', {
    extra: { errors: { _errors: [{ code: 'INVALID', message: problem }] } },
    invalid: true,
  });
export const unknownChannel = (): Refusal => new Refusal(404, 10003, 'Unknown Channel');
export const unknownGuild = (): Refusal => new Refusal(404, 10004, 'Unknown Guild');
export const unknownMember = (): Refusal => new Refusal(404, 10007, 'Unknown Member');
export const unknownMessage = (): Refusal => new Refusal(404, 10008, 'Unknown Message');
export const unknownRole = (): Refusal => new Refusal(404, 10011, 'Unknown Role');
export const unknownUser = (): Refusal => new Refusal(404, 10013, 'Unknown User');
export const unknownWebhook = (): Refusal => new Refusal(404, 10015, 'Unknown Webhook');
export const unknownInteraction = (): Refusal => new Refusal(404, 10062, 'Unknown interaction');
export const answeredAlready = (): Refusal => new Refusal(400, 40060, 'Interaction has already been acknowledged.');
export const missingAccess = (): Refusal => new Refusal(403, 50001, 'Missing Access');
export const cannotSendToUser = (): Refusal => new Refusal(403, 50007, 'Cannot send messages to this user');
export const missingPermissions = (): Refusal => new Refusal(403, 50013, 'Missing Permissions');
export const tokenOver = (): Refusal => new Refusal(401, 50027, 'Invalid Webhook Token');
export const notFound = (): Refusal => new Refusal(404, 0, '404: Not Found');
