import { expect, test } from "vitest";
import { renewPush } from "./renew-push.ts";

const subscription = (device: string) => ({
  toJSON: () => ({
    endpoint: `https://push.example/${device}`,
    expirationTime: null,
    keys: { p256dh: "P", auth: "A" },
  }),
});

/** A browser and a server of which it asks the channels; what it then tells the server. */
async function renew(o: { channels: object | null; given?: boolean; status?: number }) {
  const told: { url: string; method: string | undefined; body: unknown }[] = [];
  const keys: string[] = [];
  const isRenewed = await renewPush({
    given: o.given ? subscription("given") : null,
    subscribe: async (key) => {
      keys.push(key);
      return subscription("asked");
    },
    ask: async (url, init) => {
      if (init === undefined)
        return o.channels === null ? new Response("{}", { status: 401 }) : Response.json(o.channels);
      told.push({ url, method: init.method, body: JSON.parse(init.body as string) });
      return Response.json({}, { status: o.status ?? 200 });
    },
  });
  return { isRenewed, told, keys };
}
const here = { push: { publicKey: "KEY", here: true } };
const telling = (device: string) => [
  {
    url: "/v1/notifications/push",
    method: "PUT",
    body: { endpoint: `https://push.example/${device}`, keys: { p256dh: "P", auth: "A" } },
  },
];

test("a subscription that ended is made anew for the server's key, and the server is told; one that the browser made is told as it is", async () => {
  expect(await renew({ channels: here })).toEqual({ isRenewed: true, told: telling("asked"), keys: ["KEY"] });
  expect(await renew({ channels: here, given: true })).toEqual({
    isRenewed: true,
    told: telling("given"),
    keys: [],
  });
  expect((await renew({ channels: here, status: 401 })).isRenewed).toBe(false);
});

test("a browser that was switched off, or where nobody is signed in, or that nothing is pushed to, stays so", async () => {
  const nothing = { isRenewed: false, told: [], keys: [] };
  for (const channels of [null, { push: null }, { push: { publicKey: "KEY", here: false } }])
    expect(await renew({ channels })).toEqual(nothing);
});
