import { afterAll, describe, expect, test } from "vitest";
import { isMap, type Value } from "../../chart/values";
import { SecureHub, type SettingsInput } from "../../components";
import type { Resource } from "../../policies/evidence/resource";
import { awsAnswers } from "../support/aws-answers";
import { type Combination, settingsOf } from "../support/choices";
import { inExistingCluster } from "../support/existing-parts";
import { recordedHub } from "../support/hub-programs";
import { resourcesOf } from "../support/judged";
import { type RecordedProgram, record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { alarmsAt } from "./mutation-check";
import { isHub } from "./mutations";
import { harmless, weaknesses } from "./weaknesses";

/** Deployments that the gate accepts. What the examples deploy is weakened in test/variants/examples.test.ts. */
const programs: Readonly<Record<string, () => Promise<Resource[]>>> = {
  dev: async () => resourcesOf(await recordedHub("dev")),
  prod: async () => resourcesOf(await recordedHub("prod")),
  "a team's cluster": remembered(async () => resourcesOf(await hubOf(inExistingCluster()))),
  "an internal hub": choosing({ reach: "internal", login: "entra-id, groups" }),
  "untrusted users": choosing({ trust: "untrusted" }),
  "Let's Encrypt": choosing({ https: "letsencrypt" }),
};

function choosing(combination: Partial<Combination>): () => Promise<Resource[]> {
  return remembered(async () => resourcesOf(await hubOf(settingsOf(combination))));
}

function hubOf(settings: SettingsInput): Promise<RecordedProgram> {
  return record(() => ({ url: new SecureHub("hub", settings).url }), { answers: awsAnswers });
}

const report: string[] = [];
const everTried = new Set<string>();

describe.each(Object.entries(programs))("weaknesses put into %s", (name, program) => {
  const noticed: string[] = [];
  let tried = 0;

  test.each(weaknesses.map((weakness) => [weakness.what, weakness.by, weakness] as const))(
    "%s: noticed by %s",
    async (what, by, weakness) => {
      const alarms = alarmsAt(weakness, await program());
      if (!alarms) return;
      tried += 1;
      everTried.add(what);
      expect(alarms, what).toContain(by);
      noticed.push(`  ${by.padEnd(42)}${what}`);
    },
  );

  test("cover every value of its hub", async () => {
    const [hub] = (await program()).filter(isHub);
    const weakenedPaths = weaknesses.map(({ what }) => what.split(" = ")[0] ?? "");
    const forgotten = leaves(hub?.properties.values ?? {}, "").filter(
      (path) =>
        !weakenedPaths.some((weakened) => path === weakened || path.startsWith(`${weakened}.`)) &&
        !harmless.some(([pattern]) => pattern.test(path)),
    );
    expect(forgotten, "weaken these in weaknesses.ts, or say there why they are harmless").toEqual([]);
  });

  afterAll(() => {
    report.push(`${name}: ${noticed.length} of ${tried} weaknesses noticed`, ...noticed);
  });
});

test("every weakness was put into some program", () => {
  expect(weaknesses.map(({ what }) => what).filter((what) => !everTried.has(what))).toEqual([]);
});

afterAll(() => console.log(report.join("\n")));

function leaves(value: Value, path: string): string[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}
