import { vi } from "vitest";

// Before each test file: those that share a process are not to share what a module remembers.
vi.resetModules();
