const HIDDEN = "[redacted]";
const SECRET_NAME =
  /private[-_ ]?key|token|password|passwd|secret|authorization|cookie|mnemonic|seed[-_ ]?phrase|api[-_ ]?key/i;
const HEX_32 = /^(0x)?[0-9a-f]{64}$/i;

/** What gives a secret away inside a text, and what is left of it. */
const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  // Credentials of any URL: postgres://user:password@host, https://key@host.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${HIDDEN}@`],
  [/((?:password|passwd|secret|token|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s"',&}]+/gi, `$1${HIDDEN}`],
  [/((?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}/gi, `$1${HIDDEN}`],
  // A private key is 32 bytes of hex, and so is a hash; only what is called a key is hidden.
  [/(key\W{0,8})(?:0x)?[0-9a-f]{64}(?![0-9a-f])/gi, `$1${HIDDEN}`],
  // Hosted RPC nodes carry their key in the path: /v2/<key>, /v3/<key>.
  [/(\/v[23]\/)[a-z0-9_-]{20,}/gi, `$1${HIDDEN}`],
  // A chat bot's token, as it stands in the path of its API.
  [/(bot)\d{6,}:[a-z0-9_-]{30,}/gi, `$1${HIDDEN}`],
];

/** The text without the secrets that can be told by their looks. */
export const redactText = (text: string): string =>
  IN_TEXT.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);

/** A copy of a JSON value in which secrets are replaced: by the name of their member, or by their looks. */
export function redact(value: unknown, name = ""): unknown {
  if (SECRET_NAME.test(name) && value !== null && value !== undefined && typeof value !== "boolean")
    return HIDDEN;
  if (typeof value === "string") return /key/i.test(name) && HEX_32.test(value) ? HIDDEN : redactText(value);
  // Elements of a list are of the same kind as the list: they inherit its name.
  if (Array.isArray(value)) return value.map((element) => redact(element, name));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redact(member, key)]));
}
