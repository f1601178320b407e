// Inline mode: "@bot mango" typed in any chat, the results, and the message that one of them becomes.
import type { User } from 'grammy/types';
import type { ChatState, Content, InlineAnswer, Question } from './model.ts';
import { look, type Seen } from './screen.ts';
import { captionWords, wordsOf } from './send.ts';
import type { InlineResult } from './shapes-inline.ts';
import type { Stage } from './stage.ts';
import { keyboardOf } from './world.ts';

export type InlinePick = { readonly result: InlineResult; readonly query: string };

export async function askInline(stage: Stage, from: User, query: string): Promise<InlineAnswer> {
  const { world, waiting } = stage;
  const id = world.nextId('iq');
  const asked: Question<InlineAnswer> = {
    ...{ id, from, askedAt: world.clock.now(), message: undefined, answer: undefined, answeredAt: undefined },
  };
  world.inlineQueries.set(id, asked);
  const told = world.tell('inline_query', { id, from, query, offset: '', chat_type: 'supergroup' }, from.id);
  if (!told) throw new Error('The bot did not ask for inline_query in allowed_updates.');
  return waiting.until(() => asked.answer, { what: `answerInlineQuery for "${query}"` });
}

export function pickInline(stage: Stage, from: User, pick: InlinePick & { readonly chat: ChatState }): Seen {
  const { world } = stage;
  const { result, query, chat } = pick;
  const markup = keyboardOf(result.reply_markup);
  const inlineId = world.nextId('inline');
  const stored = world.post({ chat, from, content: contentOf(stage, result), markup, inlineId });
  world.inlineMessages.set(inlineId, stored);
  const edited = markup ? { inline_message_id: inlineId } : {};
  world.tell('chosen_inline_result', { result_id: result.id, from, query, ...edited }, from.id);
  stage.deliver(stored);
  return look(world, stored);
}

function contentOf(stage: Stage, result: InlineResult): Content {
  const { files } = stage.world;
  const content = result.input_message_content;
  if (content && 'message_text' in content) {
    return { kind: 'text', words: wordsOf(content.message_text, content, content.entities) };
  }
  if (content) return { kind: 'invoice', invoice: content };
  if ('photo_file_id' in result) {
    const file = files.resolve(result.photo_file_id, 'photo', new Map());
    return { kind: 'photo', file, words: captionWords(result), above: result.show_caption_above_media ?? false };
  }
  if ('document_file_id' in result) {
    const file = files.resolve(result.document_file_id, 'document', new Map());
    return { kind: 'document', file, words: captionWords(result) };
  }
  throw new Error('The fake fetches no pictures from the net: answer with photo_file_id.');
}
