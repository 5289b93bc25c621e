import type { ArtifactPreview } from '../../shared/contract/types.ts';

const MOST_TEXT_BYTES = 256 * 1024;
const MOST_IMAGE_BYTES = 4 * 1024 * 1024;

/** Pictures that a browser draws without running anything in them, as SVG could. */
const IMAGES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

export interface PreviewedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** From its start. */
  readonly read: () => AsyncIterable<Buffer>;
}

/** What can be shown of a file without taking it out of the workspace: its text, up to a bound, or a small picture. */
export async function previewArtifact({ path, sizeBytes, read }: PreviewedFile): Promise<ArtifactPreview> {
  const mediaType = IMAGES[path.split('.').at(-1)!.toLowerCase()];
  if (mediaType !== undefined) {
    if (sizeBytes > MOST_IMAGE_BYTES) return { kind: 'none', reason: 'large' };
    const bytes = await firstBytes(read(), MOST_IMAGE_BYTES);
    return { kind: 'image', mediaType, base64: bytes.toString('base64') };
  }
  const bytes = await firstBytes(read(), MOST_TEXT_BYTES);
  const text = textOf(bytes);
  if (text === null) return { kind: 'none', reason: 'binary' };
  return { kind: 'text', text, truncated: sizeBytes > bytes.length };
}

async function firstBytes(content: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of content) {
    parts.push(part);
    length += part.length;
    if (length >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most);
}

/** Null for what is not text. A character that is cut at the end is left out. */
function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
