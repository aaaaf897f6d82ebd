// Z85 (ZeroMQ RFC 32): five printable characters for four bytes. CURVE keys are written this way; the handshake shows
// them as bytes.
const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

export function decodeZ85(text: string): Uint8Array {
  const bytes = Buffer.alloc((text.length / 5) * 4)
  for (let i = 0; i < text.length; i += 5) {
    let word = 0
    for (const char of text.slice(i, i + 5)) word = word * 85 + alphabet.indexOf(char)
    bytes.writeUInt32BE(word, (i / 5) * 4)
  }
  return bytes
}
