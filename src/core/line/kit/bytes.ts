/** Latin-1 view of bytes: one character per byte, nothing lost, so that patterns can name control characters. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096)
    text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 4096, bytes.length)))
  return text
}

const BOM = [0xef, 0xbb, 0xbf]

/** Without the mark of its encoding that a text file of Windows begins with: no character of the first record. */
export function withoutBom(bytes: Uint8Array): Uint8Array {
  return BOM.every((byte, i) => bytes[i] === byte) ? bytes.subarray(BOM.length) : bytes
}

/** UTF-8 where it is that, else Latin-1: for connections that lose no bit, whose senders do not say which they use. */
export function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return latin1(bytes)
  }
}

/** Back from Latin-1; a character the wire has no code for goes out as `?`. */
export function toLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    bytes[i] = code > 0xff ? 0x3f : code
  }
  return bytes
}
