import { describe, expect, test } from "vitest";
import type { ValueMap } from "../../chart/values";
import { securityControls } from "../../policies/controls";
import { judge } from "../../policies/evaluate";
import { plainProperties } from "../../policies/evidence/plain";
import type { Resource } from "../../policies/evidence/resource";
import { recordedHub } from "../support/hub-programs";

/** Marks a secret in the engine's protocol. */
const signature = "4dabf18193072939515e22adb298388d";

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return opened("value" in value ? value.value : undefined);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}

/**
 * A recording does not tell which resource a property was made from, without which the first three cannot be decided, and its
 * random bytes are none. What is deployed is judged on these by the tests with the real engine.
 */
const needEngine = [
  "https-effective",
  "node-metadata-hop-limit",
  "user-pod-metadata-blocked",
  "proxy-token-strong",
  "cookie-secret-strong",
];

describe.each(["dev", "prod"] as const)("the repository's own hub, %s", (stack) => {
  test("is refused by no control of the security pack, and what it says of itself is enough to decide", async () => {
    const { registrations } = await recordedHub(stack);
    const resources = registrations.map(
      ({ type, name, urn, inputs, parent, dependencies }): Resource => ({
        type,
        name,
        urn,
        parent,
        dependencies,
        properties: plainProperties(opened(inputs) as ValueMap),
        providerVersion: "4.34.2",
      }),
    );
    const judgements = judge(resources, {}, securityControls);
    const alarms = judgements.filter(({ verdict }) => verdict === "fail" || verdict === "unknown");
    expect(
      alarms
        .filter(({ control }) => !needEngine.includes(control))
        .map(({ control, message }) => `${control}: ${message}`),
    ).toEqual([]);
  });
});
