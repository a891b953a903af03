import { configureLogs } from "@sooth/runtime";

// Files share a process: what one of them chose for its logs is not the next one's.
configureLogs({ level: "info", sink: process.stdout });
