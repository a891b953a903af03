import { expect, test } from "vitest";
import { appErrorIn, defineErrors, sayingValues } from "./app-error.ts";

test("a row's sentence names its values, and ends where there are none", () => {
  const said = sayingValues("the juror was not drawn");
  expect(said({ juror: "0x1", round: 2n })).toBe("the juror was not drawn: juror 0x1, round 2");
  expect(said({})).toBe("the juror was not drawn");
  const Wrong = defineErrors("wrong", { once: { status: 409, text: said } });
  expect(Wrong.once({ juror: "0x2" })).toMatchObject({
    code: "wrong.once",
    status: 409,
    message: "the juror was not drawn: juror 0x2",
  });
});

test("an error is known by what caused it, however often it was wrapped", () => {
  const { away } = defineErrors("wrapped", { away: { status: 503, text: () => "away" } });
  const cause = away({});
  expect(appErrorIn(new Error("outer", { cause: new Error("inner", { cause }) }))).toBe(cause);
  expect(appErrorIn(new Error("outer", { cause: "a text" }))).toBe(null);
  const round = new Error("its own cause");
  round.cause = round;
  expect(appErrorIn(round)).toBe(null);
});
