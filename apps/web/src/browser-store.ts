/** What this browser keeps for the site; undefined where it lets a page keep nothing, which `localStorage` tells by throwing. */
export function browserStore(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // blocked: what would be remembered is not
  }
}
