/// <reference types="vite/client" />
declare module "@fontsource-variable/hanken-grotesk";
declare module "@fontsource-variable/newsreader";
declare module "*.po" {
  export const messages: import("@lingui/core").Messages;
}
