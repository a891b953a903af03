/**
 * By what letters to one person are counted: many providers deliver `a.b+shop@x` and `ab@x` into one box, and whoever floods a
 * stranger would use that. Two people whose addresses differ in this alone share a count, which costs them little.
 */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf("@");
  const [name = ""] = address.slice(0, at).toLowerCase().split("+");
  return `${name.replaceAll(".", "")}@${address.slice(at + 1).toLowerCase()}`;
}
