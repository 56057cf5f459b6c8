import { expect, test } from "vitest";
import { recordedHub } from "../support/hub-programs";
import { alarms } from "../support/judged";

test.each(["dev", "prod"] as const)(
  "the repository's own hub, %s, is refused by no control, and what it says of itself is enough to decide",
  async (stack) => expect(alarms(await recordedHub(stack))).toEqual([]),
);
