import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { StoreError } from "../store-error.ts";

declare module "vitest" {
  // Declaration merging needs an interface.
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export type TestDatabase = { url: string; drop(): Promise<void> };

/** A new empty database on the server that a test run shares. Only inside vitest. @throws store.no_test_server */
export async function testDatabase(): Promise<TestDatabase> {
  // Loaded here: vitest may not be imported outside a test, and the server imports this file's door.
  const { inject } = await import("vitest");
  const server = inject("postgresUrl");
  if (!server) throw StoreError.no_test_server(undefined);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database if exists ${name} with (force)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
