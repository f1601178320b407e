export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

/** Largest picture that is accepted, before it is made smaller. */
export const IMAGE_BYTES_MAX = 5 * 1024 * 1024;

/** Longest side of a stored picture. */
export const IMAGE_EDGE_MAX_PX = 1600;

const signatures: readonly { readonly type: ImageType; readonly at: number; readonly bytes: readonly number[] }[][] = [
  [{ type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] }],
  [{ type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] }],
  [
    { type: 'image/webp', at: 0, bytes: [0x52, 0x49, 0x46, 0x46] }, // RIFF, then the length
    { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] }, // WEBP
  ],
];

/**
 * The kind of picture by its first bytes: never by its name or by what the sender says. It tells which decoder to
 * use; whether the rest decodes is the decoder's answer.
 */
export function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  const found = signatures.find((parts) =>
    parts.every((part) => part.bytes.every((byte, index) => bytes[part.at + index] === byte)),
  );
  return found?.[0]?.type;
}
