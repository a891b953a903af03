import { expect, test } from "vitest";
import { running, told, type ErrorAnswer } from "../../test/http.ts";

test("a method that an address does not have is refused, and those it has are named", async () => {
  const { url } = await running({}, (app) => {
    app.get("/v1/pets/:id", async () => ({}));
    app.post("/v1/pets/:id", async () => ({}));
    app.post("/v1/pets/:id/walk", async () => ({}));
  });
  const refused = await fetch(`${url}/v1/pets/rex?soon=1`, { method: "DELETE" });
  expect(refused.headers.get("allow")).toBe("GET, HEAD, POST");
  const { error } = (await refused.json()) as ErrorAnswer;
  expect([refused.status, error.code, error.message]).toEqual([
    405,
    "http.method_not_allowed",
    "/v1/pets/rex takes GET, HEAD, POST, not DELETE",
  ]);
  const walk = await fetch(`${url}/v1/pets/rex/walk`);
  expect([walk.status, walk.headers.get("allow")]).toEqual([405, "POST"]);
  expect(await told(fetch(`${url}/v1/cats/tom`, { method: "DELETE" }))).toBe("404 http.not_found");
  expect(await told(fetch(`${url}/v1/pets`))).toBe("404 http.not_found");
});
