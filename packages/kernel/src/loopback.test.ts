import { expect, test } from "vitest";
import { isLoopback } from "./loopback.ts";

test("this machine's addresses are told from others that look like them", () => {
  const here = [
    "http://localhost:3000",
    "http://127.0.0.1",
    "https://127.8.9.1:1/x",
    "http://[::1]:3000",
    "http://2130706433",
  ];
  const elsewhere = [
    "http://sooth.example",
    "http://localhost.evil.example",
    "http://127.evil.example",
    "http://127.0.0.1@evil.example",
    "http://192.168.0.1:3000",
    "http://128.0.0.1",
    "http://[::2]",
  ];
  expect([here.map(isLoopback), elsewhere.map(isLoopback)]).toEqual([
    here.map(() => true),
    elsewhere.map(() => false),
  ]);
});
