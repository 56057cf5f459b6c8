import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { advisories } from "../../chart/advisories";
import { chartDefaults, chartReleases, chartSchema, defaultChartVersion, floor } from "../../chart/releases";
import { at } from "../../chart/values";
import { compareMain, parse } from "../../chart/version";

const published = join(__dirname, "../../../shared/data/jupyterhub-chart");

describe.skipIf(!existsSync(published))(
  "carried facts are the published ones (skipped where those are missing)",
  () => {
    test.each(chartReleases.map((release) => [release.chart, release.jupyterhub]))("%s", (chart, jupyterhub) => {
      const read = (name: string) => JSON.parse(readFileSync(join(published, chart, name), "utf8"));
      expect(read("chart.json")).toMatchObject({ version: chart, appVersion: jupyterhub });
      expect(chartDefaults(chart).values).toEqual(read("values.defaults.json"));
    });

    test("the schema of the default version", () => {
      const schema = readFileSync(join(published, defaultChartVersion, "values.schema.json"), "utf8");
      expect(chartSchema(defaultChartVersion)).toEqual(JSON.parse(schema));
    });
  },
);

describe("defaults by version", () => {
  test.each([
    ["4.4.0", "4.4.0", true],
    ["v4.4.0", "4.4.0", true],
    ["3.3.7", "3.3.8", false],
    ["3.3.9", "3.3.8", false],
    ["0.10.0", "0.10.6", false],
    ["2.1.0", "2.0.0", false],
    ["4.9.0", "4.4.0", false],
    ["0.8.2", "0.9.1", false],
    ["4.0.0-beta.2", "4.0.0", false],
    ["^4.0.0", "4.4.0", false],
    ["", "4.4.0", false],
  ])("%s takes those of %s", (asked, release, exact) => {
    expect(chartDefaults(asked)).toMatchObject({ release: { chart: release }, exact });
  });

  test("what changed between versions", () => {
    const value = (version: string, path: string) => at(chartDefaults(version).values, path);
    expect(value("1.2.0", "rbac.enabled")).toBe(true);
    expect(value("2.0.0", "rbac.create")).toBe(true);
    expect(value("0.9.1", "singleuser.networkPolicy.enabled")).toBe(false);
    expect(value("0.9.1", "singleuser.cloudMetadata.enabled")).toBe(false);
    expect(value("4.4.0", "singleuser.cloudMetadata.blockWithIptables")).toBe(true);
  });
});

test("the floor is the oldest release that no unconditional advisory affects", () => {
  const affected = (chart: string) => {
    const version = parse(chart);
    return advisories.some(
      ({ applies, fixedIn }) => !applies && version && (fixedIn === undefined || compareMain(version, fixedIn) < 0),
    );
  };
  expect(chartReleases.find(({ chart }) => !affected(chart))?.chart).toBe(floor.version);
});

test("each advisory names itself once, says when it applies, and how to be rid of it", () => {
  expect(new Set(advisories.map(({ id }) => id)).size).toBe(advisories.length);
  for (const { id, applies, condition, fixedIn, workaround } of advisories) {
    expect(id).toMatch(/^GHSA(-[0-9a-z]{4}){3}$/);
    expect(condition === undefined).toBe(applies === undefined);
    expect(fixedIn ?? workaround).toBeTruthy();
  }
});
