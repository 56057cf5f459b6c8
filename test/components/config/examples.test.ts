import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { withoutWrappers } from "../../../components/config/examples";
import { settingsSchema } from "../../../components/config/settings";
import { problemsOf, settings } from "../../support/refusals";

type Schema = z.core.$ZodType;
type Tree = Record<string, unknown>;

/** A setting, and what has to be chosen around it so that it is one. */
interface Leaf {
  readonly path: string;
  readonly around: Tree;
}

/** Every setting that has no settings below it, of every variant. */
function leaves(schema: Schema, path: string, around: Tree): Leaf[] {
  const bare = withoutWrappers(schema) as z.core.$ZodTypes;
  const { def } = bare._zod;
  if (def.type === "union" && "discriminator" in def) {
    const { discriminator, options } = def as z.core.$ZodDiscriminatedUnionDef;
    return options.flatMap((option) => {
      const [kind] = [...(option._zod.propValues?.[discriminator] ?? [])].filter((value) => value !== undefined);
      return leaves(option, path, { ...around, [`${path}.${discriminator}`]: kind });
    });
  }
  if (def.type !== "object") return [{ path, around }];
  const below = Object.entries(def.shape).flatMap(([key, part]) =>
    leaves(part, path === "" ? key : `${path}.${key}`, around),
  );
  return path === "" ? below : [{ path, around }, ...below];
}

/** Wrong for nearly every setting. */
const wrong: [string, unknown][] = [
  ["text that fits no format", "?!\u0000"],
  ["nothing", ""],
  ["a number", -1.5],
  ["a list", [["?!"]]],
  ["an object", { "?!": "?!" }],
  ["true", true],
];

/** What a message says about the setting itself, and not about how it goes with others. */
const about = (path: string, problems: readonly string[]) =>
  problems.filter((each) => each.startsWith(`${path} `) && !each.includes(" is missing"));

/** What a message shows, as it was meant: words, or what YAML makes of the rest. */
function shownBy(problem: string): unknown {
  const [, shown] = /, for example (?!by `)(.+)$/.exec(problem) ?? [];
  return shown !== undefined && /^([[{].*|-?[\d.]+|true|false)$/.test(shown) ? parse(shown) : shown;
}

describe("each refusal shows what to write, and that is accepted", () => {
  const all = leaves(settingsSchema, "", {}).filter(({ path, around }) => path !== "extraValues" && !(path in around));

  test("every section is looked at", () => expect(all.length).toBeGreaterThan(100));

  test.each(wrong)("%s", (_, value) => {
    const refusals = all.flatMap(({ path, around }) =>
      about(path, problemsOf(settings({ ...around, [path]: value }))).map((problem) => ({ path, around, problem })),
    );
    const silent = refusals.filter(
      ({ problem }) =>
        !/, for example |expected (one of|1\.35|the words) |`pulumi config set|; set [\w.]+ to /.test(`${problem} `),
    );
    expect(silent.map(({ problem }) => problem)).toEqual([]);

    const unfit = refusals.flatMap(({ path, around, problem }) => {
      const example = shownBy(problem);
      if (example === undefined) return [];
      // What is wrong only together with other settings names these.
      const still = about(path, problemsOf(settings({ ...around, [path]: example })));
      return still.filter((each) => shownBy(each) !== undefined);
    });
    expect(unfit).toEqual([]);
  });
});
