/** Says why not, in the visitor's language: their own when they have a seat, else their browser's. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { FAULTS, fail, type Fault } from '../../src/domain/faults.ts';
import type { WireReply } from './client/wire.ts';
import type { WebAdapterOptions } from './options.ts';
import type { Parts } from './parts.ts';
import type { Seat } from './sessions.ts';

export type Refusals = {
  readonly refuse: (request: Request, response: Response, fault: Fault, seat?: Seat) => Promise<void>;
  /** Another site made the browser ask. */
  readonly forbidden: RequestHandler;
  /** A body that is too large, or no JSON. */
  readonly badBody: ErrorRequestHandler;
};

export function createRefusals({ negotiate }: WebAdapterOptions, { speaker }: Pick<Parts, 'speaker'>): Refusals {
  const wordsFor = (request: Request) => speaker.wordsFor(negotiate(request.headers['accept-language']));
  const refuse: Refusals['refuse'] = async (request, response, fault, seat) => {
    const words = await (seat ? speaker.wordsOf(seat) : wordsFor(request));
    const reply: WireReply = { ok: false, fault: speaker.fault(fault, words) };
    response.status(FAULTS[fault.code].status).json(reply);
  };
  return {
    refuse,
    forbidden: async (request, response) => {
      const { t } = await wordsFor(request);
      const fault = { code: 'forbidden_origin', text: t('web.forbidden_origin'), field: null };
      response.status(403).json({ ok: false, fault } satisfies WireReply);
    },
    badBody: async (error: unknown, request, response, next) => {
      const status = error instanceof Error && 'status' in error ? error.status : undefined;
      if (response.headersSent || typeof status !== 'number' || status >= 500) return next(error);
      const photo = status === 413 && request.path.endsWith('/photos');
      await refuse(request, response, fail(photo ? 'image_too_large' : 'input_invalid').fault);
    },
  };
}
