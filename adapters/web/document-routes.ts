/** Files behind a seat: what a view gives to take away is drawn again for whoever asks, with today's rights. Acts on nothing. */
import type { Request, Response } from 'express';
import { fail, type Result } from '../../src/domain/faults.ts';
import type { Core, Viewer } from '../../src/ports/core.ts';
import type { Words } from '../../src/ports/words.ts';
import { messageBehind } from '../../src/view/behind.ts';
import type { Document } from '../../src/view/view.ts';

type Options = {
  readonly core: Pick<Core, 'readHandle' | 'load'>;
  readonly wordsOf: (viewer: Viewer) => Promise<Words>;
};

export async function documentBehind(
  { core, wordsOf }: Options,
  viewer: Viewer,
  request: Request,
): Promise<Result<Document>> {
  const handle = String(request.params['handle'] ?? '');
  const standing = await messageBehind(core, handle, { viewer, chatId: null, words: await wordsOf(viewer) });
  if (!standing.ok) return standing;
  const { document } = standing.value.view;
  return document ? { ok: true, value: document } : fail('not_found');
}

/** Saved, never opened as a page of ours. */
export function sendDocument(response: Response, { name, mime, content }: Document): void {
  response
    .status(200)
    .type(mime)
    .set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .set('Cache-Control', 'no-store')
    .send(Buffer.from(content));
}
