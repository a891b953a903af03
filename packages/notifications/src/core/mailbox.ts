/**
 * By what letters to one person are counted: many providers deliver `a.b+shop@x` and `ab@x` into one box, and whoever floods a
 * stranger would use that. Two people whose addresses differ in this alone share a count, which costs them little.
 */
export function foldedMailbox(address: string): string {
  const at = address.lastIndexOf("@");
  const [name = ""] = address.slice(0, at).toLowerCase().split("+");
  return `${name.replaceAll(".", "")}@${address.slice(at + 1).toLowerCase()}`;
}

/** Where dots in a name are left out of it, as its provider says. */
const DOTLESS = new Set(["gmail.com", "googlemail.com"]);

/**
 * The mailbox as it is surely one person's: by this he is kept from being asked again. Of `ab@x` and `a.b@x` one must not decide for
 * the other, but where the provider says that they are one.
 */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1).toLowerCase();
  const [name = ""] = address.slice(0, at).toLowerCase().split("+");
  return DOTLESS.has(domain) ? foldedMailbox(address) : `${name}@${domain}`;
}
