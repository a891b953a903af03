/** Networks ask for a picture once and keep it; what changes within a minute nobody misses. */
export const FRESH = "public, max-age=60";

/** Of pages for the frames of other sites, whichever: no script, nothing fetched, and nothing of the reader's is sent anywhere. */
export const EMBEDDED = {
  "cache-control": FRESH,
  "content-security-policy": "default-src 'none';style-src 'unsafe-inline';frame-ancestors *",
} as const;
