import { describe, expect, test } from "vitest";
import { coverage, recommendations, uncheckable } from "../../policies/catalogue";
import { controls, operationsControls, securityControls } from "../../policies/controls";

const outOfReach = new Set(uncheckable.map(({ id }) => id));

describe("the catalogue", () => {
  test("has the 89 recommendations of the articles, 78 of them checked", () => {
    expect(recommendations).toHaveLength(89);
    expect(outOfReach.size).toBe(11);
    const covered = [...coverage(controls)].filter(([id, by]) => by.length > 0 && !outOfReach.has(id));
    expect(covered).toHaveLength(78);
  });

  test.each(recommendations.filter((id) => !outOfReach.has(id)))("%s is covered by a control", (id) => {
    expect(coverage(controls).get(id)).not.toEqual([]);
  });

  test.each([...uncheckable])("$id says why it is not checked, and what to do", ({ id, reason, instead }) => {
    expect(recommendations).toContain(id);
    expect(reason.length).toBeGreaterThan(20);
    expect(instead.length).toBeGreaterThan(20);
  });
});

describe("the packs", () => {
  test("share no control and leave none out", () => {
    expect(new Set([...securityControls, ...operationsControls])).toEqual(new Set(controls));
    expect(securityControls.length + operationsControls.length).toBe(controls.length);
  });

  test("have names of their own for all controls", () => {
    expect(new Set(controls.map(({ name }) => name)).size).toBe(controls.length);
    for (const { name } of controls) expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
  });
});
