import { CodecError } from "../codec-error.ts";

const alphabet = /[^A-Za-z0-9+/]/;

/**
 * The bytes of standard base64 with its padding; line breaks are passed over, as Go does.
 * @throws CodecError `malformed`, in Go's words
 */
export function base64Bytes(text: string): Buffer {
  const plain = text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]/g, "") : text;
  const bytes = Buffer.from(plain, "base64");
  // Buffer stops at what it cannot read and takes the URL alphabet as well; so what it read is held against the text.
  const padding = plain.endsWith("==") ? 2 : plain.endsWith("=") ? 1 : 0;
  const isWhole = plain.length % 4 === 0 && bytes.length === (plain.length / 4) * 3 - padding;
  if (!isWhole || alphabet.test(padding > 0 ? plain.slice(0, -padding) : plain)) throw illegal(plain);
  return bytes;
}

function illegal(text: string): CodecError {
  const at = text.search(alphabet);
  return new CodecError(
    "malformed",
    `illegal base64 data at input byte ${at < 0 ? text.length - (text.length % 4) : at}`,
  );
}
