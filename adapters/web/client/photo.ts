/** A photo is sent the moment it is chosen; the form carries only its digest. */
import { el, icon } from './dom.ts';
import type { Page } from './page.ts';
import type { WirePhotoReply } from './wire.ts';

const BYTES_MAX = 5 * 1024 * 1024;

export type UploadPhoto = (file: Blob) => Promise<WirePhotoReply>;

type Options = { readonly id: string; readonly digest: string; readonly required: boolean };

export function drawPhoto(options: Options, page: Page, upload: UploadPhoto) {
  let digest = options.digest;
  let turn = 0;
  const input = el('input', {
    type: 'file',
    id: options.id,
    accept: 'image/jpeg,image/png,image/webp',
    class: 'unseen',
  });
  const shown = el('img', { alt: '', hidden: true });
  const said = el('span', { class: 'photo-said', role: 'status' }, page.word('photo_choose'));
  const face = el('label', { class: 'photo-face', for: options.id }, shown, icon('camera'), said);
  const remove = el('button', { type: 'button', class: 'button plain small', hidden: true }, page.word('photo_remove'));
  const node = el('div', { class: 'photo-box' }, input, face, remove);

  const put = (next: string, words: string) => {
    digest = next;
    said.textContent = words;
    shown.hidden = remove.hidden = next === '';
    if (next !== '') shown.src = `/images/${next}`;
    node.classList.toggle('filled', next !== '');
    node.classList.remove('busy');
  };
  const send = async (file: Blob) => {
    const mine = (turn += 1);
    if (file.size > BYTES_MAX) return put('', page.word('photo_failed'));
    node.classList.add('busy');
    said.textContent = page.word('photo_uploading');
    const answer = await upload(file).catch(() => undefined);
    if (mine !== turn) return undefined; // another photo was chosen meanwhile
    if (!answer) return put('', page.word('no_answer'));
    return answer.ok ? put(answer.digest, page.word('photo_done')) : put('', answer.fault.text);
  };
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void send(file);
  });
  remove.addEventListener('click', () => {
    turn += 1;
    input.value = '';
    put('', page.word('photo_choose'));
    input.focus();
  });
  if (digest !== '') put(digest, page.word('photo_done'));
  return { node, focus: input, read: () => digest };
}
