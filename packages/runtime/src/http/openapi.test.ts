import { expect, test } from "vitest";
import { z } from "zod";
import { running } from "../../test/http.ts";
import { LiveHub } from "../live-hub.ts";
import { nameSchemas } from "./openapi.ts";

type Document = {
  openapi: string;
  components: { schemas: Record<string, unknown> };
  paths: Record<string, Record<string, { operationId?: string; responses: Record<string, unknown> }>>;
};

test("describes all routes by their schemas, with names and the one shape of errors", async () => {
  const wireTestPet = z.object({ id: z.string(), legs: z.number().int() });
  nameSchemas({ wireTestPet, other: z.string() });
  nameSchemas({ wireTestPet });
  const { url } = await running({ live: new LiveHub() }, (app) => {
    app.get(
      "/v1/pets/:id",
      {
        schema: {
          operationId: "getPet",
          params: z.object({ id: z.string() }),
          response: { 200: wireTestPet },
        },
      },
      async () => ({ id: "a", legs: 4 }),
    );
  });
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  expect(document.openapi).toBe("3.1.0");
  const get = document.paths["/v1/pets/{id}"]?.["get"];
  expect(get?.operationId).toBe("getPet");
  expect(JSON.stringify(get?.responses)).toContain('"$ref":"#/components/schemas/TestPet"');
  expect(JSON.stringify(get?.responses["default"])).toContain('"$ref":"#/components/schemas/Error"');
  expect(document.components.schemas["TestPet"]).toMatchObject({ properties: { legs: { type: "integer" } } });
  expect(Object.keys(document.paths)).toEqual(["/health", "/ready", "/v1/events", "/v1/pets/{id}"]);
  expect(Object.keys(document.paths["/v1/pets/{id}"] ?? {})).toEqual(["get"]);
});

test("the page to try them works under its policy: all it loads comes from here", async () => {
  const { url } = await running();
  const page = await fetch(`${url}/docs`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(html).not.toMatch(/<script>|https?:\/\//);
  expect(html).toContain("<title>Sooth API</title>");
  const script = /src="([^"]+bundle\.js)"/.exec(html)?.[1] ?? "";
  expect((await fetch(new URL(script, `${url}/docs`))).status).toBe(200);
});

test("the description stands where the routes stand, too", async () => {
  const { url } = await running();
  const [here, there] = await Promise.all(["/openapi.json", "/v1/openapi.json"].map((at) => fetch(url + at)));
  expect(await there?.text()).toBe(await here?.text());
});
