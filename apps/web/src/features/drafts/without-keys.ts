/** A private key, or what unlocks one, stands alone in its field; a hash in the middle of a question is part of it. */
const KEY = /^\s*(0x)?[0-9a-f]{64}\s*$/i;
/** Name and password in front of a host. */
const LOGIN = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#@]+@/gi;
const SECRET_PARAMETER = /([?&](?:api[_-]?key|access[_-]?token|token|key|secret|password)=)[^&#\s]+/gi;

/** A text as it may lie in a browser that others may use too: without what opens a wallet or somebody's account. */
export const withoutKeys = (text: string): string =>
  KEY.test(text) ? "" : text.replace(LOGIN, "$1").replace(SECRET_PARAMETER, "$1");
