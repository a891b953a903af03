/** Whether a URL names this machine, by the host as it is written: names other than localhost can lead anywhere. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  // The parser has made every way to write an IPv4 address this one.
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
