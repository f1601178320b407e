// Files on the fake's servers: uploads, what a file_id stands for, and how large a picture is.
import { createHash } from 'node:crypto';
import type { Document, PhotoSize } from 'grammy/types';
import type { FileState } from './model.ts';
import { badRequest, invalid } from './refusal.ts';
import type { Upload } from './wire.ts';

const PHOTO_MAX_BYTES = 10 * 1024 * 1024;
const UPLOAD_MAX_BYTES = 50 * 1024 * 1024;

export class Files {
  readonly #byId = new Map<string, FileState>();

  add(upload: Upload, kind: FileState['kind']): FileState {
    if (upload.bytes.length === 0) throw invalid('file must be non-empty');
    if (upload.bytes.length > (kind === 'photo' ? PHOTO_MAX_BYTES : UPLOAD_MAX_BYTES)) {
      throw invalid(kind === 'photo' ? 'file is too big for a photo' : 'Request Entity Too Large');
    }
    const size = kind === 'photo' ? pictureSize(upload.bytes) : { width: 0, height: 0 };
    if (!size) throw invalid('IMAGE_PROCESS_FAILED');
    const { width, height } = size;
    if (kind === 'photo' && (width + height > 10_000 || Math.max(width, height) > 20 * Math.min(width, height))) {
      throw invalid('PHOTO_INVALID_DIMENSIONS');
    }
    const uniqueId = createHash('sha256').update(upload.bytes).digest('base64url').slice(0, 16);
    const fileId = `${kind === 'photo' ? 'AgAC' : 'BQAC'}${uniqueId}${String(this.#byId.size + 1).padStart(6, '0')}`;
    const file: FileState = { ...upload, ...size, fileId, uniqueId, kind };
    this.#byId.set(fileId, file);
    return file;
  }

  /** What a field of a request means: an attached part or a file_id. Links are refused: the fake fetches nothing. */
  resolve(field: string, kind: FileState['kind'], uploads: ReadonlyMap<string, Upload>): FileState {
    if (field.startsWith('attach://')) {
      const upload = uploads.get(field.slice('attach://'.length));
      if (!upload) throw invalid('there is no file in the request');
      return this.add(upload, kind);
    }
    if (/^https?:/.test(field)) throw badRequest('failed to get HTTP URL content');
    const file = this.#byId.get(field);
    if (!file) throw badRequest('wrong file identifier/HTTP URL specified');
    if (file.kind !== kind) throw badRequest(`can't use file of type ${file.kind} as ${kind}`);
    return file;
  }

  get(fileId: string): FileState | undefined {
    return this.#byId.get(fileId);
  }

  /** The path of getFile, and back. */
  pathOf(file: FileState): string {
    return `${file.kind}s/${file.fileId}`;
  }

  byPath(path: string): FileState | undefined {
    return this.#byId.get(path.slice(path.indexOf('/') + 1));
  }
}

export function photoSizes(file: FileState): PhotoSize[] {
  const { fileId, uniqueId, width, height, bytes } = file;
  return [{ file_id: fileId, file_unique_id: uniqueId, width, height, file_size: bytes.length }];
}

export function documentOf(file: FileState): Document {
  const { fileId, uniqueId, name, mime, bytes } = file;
  return { file_id: fileId, file_unique_id: uniqueId, file_name: name, mime_type: mime, file_size: bytes.length };
}

/** Width and height in pixels of a PNG, JPEG or WebP; undefined for anything else. */
function pictureSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length > 30 && bytes.toString('latin1', 8, 12) === 'WEBP') return webpSize(bytes);
  if (bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8) return jpegSize(bytes);
  return undefined;
}

function webpSize(bytes: Buffer) {
  const form = bytes.toString('latin1', 12, 16);
  if (form === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (form === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

function jpegSize(bytes: Buffer) {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
