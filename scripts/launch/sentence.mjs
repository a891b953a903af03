/** An error whose sentence is all that a person needs: what is wrong, and what to do. */
export function sayAndStop(sentence, cause) {
  const error = new Error(sentence, { cause });
  error.sentence = sentence;
  return error;
}

/** The sentence for a code of npm or of the file system; undefined when we do not know it. */
export function sentenceFor(code, root) {
  if (code === "ENOSPC" || code === "EDQUOT")
    return "The disk is full: Sooth needs about 1 GB to install. Free some space, then try again.";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return `${root} cannot be written: make it writable for this user, or copy Sooth to a folder that is.`;
  if (NETWORK.has(code))
    return "The npm registry cannot be reached: check the network and the proxy, or `npm config get registry`, then try again.";
  if (code === "E401" || code === "E403")
    return "The npm registry refuses this user: check `npm config get registry` and its login, then try again.";
  return undefined;
}

const NETWORK = new Set([
  "ENOTFOUND",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_SOCKET_TIMEOUT",
  "FETCH_ERROR",
  "EIDLETIMEOUT",
  "E500",
  "E502",
  "E503",
  "E504",
]);
