import { expect, test } from "vitest";
import { foldedMailbox, mailboxOf } from "./mailbox.ts";

test("letters are counted by what may be one box, and one is silenced by what surely is", () => {
  for (const same of ["Ab@P.example", "a.b@p.example", "ab+shop@p.example"])
    expect(foldedMailbox(same)).toBe("ab@p.example");
  expect(mailboxOf("A.b+shop@P.example")).toBe("a.b@p.example");
  expect(mailboxOf("ab@p.example")).not.toBe(mailboxOf("a.b@p.example"));
  expect(mailboxOf("a.b+x@Gmail.com")).toBe(mailboxOf("ab@gmail.com"));
});
