import { createRequire } from "node:module";
import { defineConfig, type Plugin } from "vitest/config";

const require = createRequire(import.meta.url);

/** Pulumi's SDKs are CommonJS: their modules are found as `require` finds them, also folders and files without ending. */
const pulumiModules: Plugin = {
  name: "pulumi-modules",
  enforce: "pre",
  resolveId: (id) => (/^@pulumi\/[^/]+\/./.test(id) ? require.resolve(id) : undefined),
};

export default defineConfig({
  plugins: [pulumiModules],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**", "test/variants/**"],
          isolate: false,
          maxWorkers: 2,
          // Many tests start processes: on two busy cores that takes a while.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          // Each file has a local cloud of its own; more at once than cores would only get in each other's way.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          // What takes long, with the real engine: every way to deploy a hub (`npm run test:all`).
          name: "variants",
          include: ["test/variants/**/*.test.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
