import { beforeEach } from "vitest";

/**
 * The tests of a file walk one path: each goes on where the one before it stopped. After one that failed the rest of its file
 * would fail for that alone, each after minutes, so they are left out; other files are not concerned.
 */
let stopped = false;

beforeEach(({ skip, onTestFailed }) => {
  skip(stopped, "a test before it failed");
  onTestFailed(() => {
    stopped = true;
  });
});
